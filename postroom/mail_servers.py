"""The mail servers that the settings name: the relay for mail out, the IMAP mailboxes for mail in, and their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from postroom.settings import Settings

if TYPE_CHECKING:
    from inbound.imap_address import ImapMailbox
    from outbound.oauth import AccessTokens
    from outbound.relay import Relay


def relay_of(settings: Settings) -> Relay:
    """The relay that *settings* name."""
    from outbound.relay import Relay

    password = settings.relay_password.get_secret_value() if settings.relay_password else None
    return Relay(settings.relay_url, password, settings.relay_timeout, settings.mail_domain, tokens_of(settings))


def mailboxes_of(settings: Settings) -> tuple[ImapMailbox, ...]:
    """The IMAP mailboxes that *settings* name."""
    from inbound.imap_address import parse_imap

    return parse_imap(settings.imap_url or "", _said(settings.imap_password))


def tokens_of(settings: Settings) -> AccessTokens | None:
    """Where access tokens come from; None when no token endpoint is set."""
    from outbound.oauth import AccessTokens, OAuthClient

    if not settings.oauth_token_url:
        return None
    return AccessTokens(
        OAuthClient(
            settings.oauth_token_url,
            settings.oauth_client_id,
            _said(settings.oauth_client_secret),
            _said(settings.oauth_refresh_token),
            settings.oauth_scope,
        )
    )


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
