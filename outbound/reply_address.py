"""How the address is written that a notice is answered to: the style is a setting of the company."""

from __future__ import annotations

from typing import Protocol

from store.tokens import Purpose, Tokens


class Mailbox(Protocol):
    """What is needed to know of a company."""

    mail_domain: str
    mailbox: str
    reply_style: str


def reply_address(tokens: Tokens, company: Mailbox, key: bytes) -> str:
    """The address for replies to the notice named *key*: `domain`, `plus` or `plain` (docs/settings.md)."""
    if company.reply_style == "plain":
        return company.mailbox
    token = tokens.token(Purpose.REPLY, key)
    if company.reply_style == "plus":
        local, _, domain = company.mailbox.rpartition("@")
        return f"{local}+{token}@{domain}"
    return f"{token}@{company.mail_domain}"


def from_address(company: Mailbox, reply_to: str) -> str:
    """The address of the From header: the mailbox, unless its domain is not the one that we send for (DMARC)."""
    domain = company.mailbox.rpartition("@")[2]
    return reply_to if company.reply_style == "domain" and domain != company.mail_domain else company.mailbox
