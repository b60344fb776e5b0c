"""What comes in: mail, attachments and clicks become actions."""
