"""Webhooks as ways in: SES by SNS, Mailgun and Postmark hand their mails to the same `keep` as SMTP."""
