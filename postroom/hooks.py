"""The webhooks that the settings switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from postroom.settings import Settings
from store.installation import Installation

if TYPE_CHECKING:
    from inbound.receiving import Receiving
    from inbound.web.hooks.taking import Hooks


def hooks_of(settings: Settings, installation: Installation, receiving: Receiving | None) -> Hooks | None:
    """The ways in by HTTP; None when there is none."""
    if receiving is None or not settings.hooked:
        return None
    from inbound.web.hooks.sns import fetch_certificate
    from inbound.web.hooks.taking import Hooks

    return Hooks(
        installation,
        receiving,
        fetch_certificate,
        mail_bytes=settings.mail_bytes,
        mailgun_key=_words(settings.mailgun_signing_key),
        ses_topics=frozenset(settings.ses_topic_arn),
        postmark_secret=_words(settings.postmark_secret),
    )


def _words(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
