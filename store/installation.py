"""What a running Postroom holds in its hands; rooms take it as a value, so that no import picks a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from store.blobs import Blobs
from store.database import Database
from store.tokens import Tokens
from store.trust import TrustRules


@dataclass(frozen=True, slots=True)
class Installation:
    """The database, the blobs, the token maker and the few settings that every room may need."""

    database: Database
    blobs: Blobs
    tokens: Tokens
    base_url: str
    """Where the signed pages are, without a trailing slash."""
    mail_domain: str
    """The domain of our reply addresses and Message-IDs."""
    trusted_relays: frozenset[str] = frozenset()
    """The authserv-ids whose topmost Authentication-Results header we believe (RFC 8601)."""
    trust: TrustRules = field(default_factory=TrustRules)
    """Which proof of a sender each way in believes."""
    link_days: int = 60
    answer_wait: int = 0
    """Seconds that a read-back waits for further mails of its reader, to answer them together."""
    mail_tries: int = 5
    notice_tries: int = 20
    source_in_row: int = 512 * 1024
    """Sources up to this many bytes lie in their own table, larger ones in the blob store."""
    free_mail_domains: frozenset[str] = field(default_factory=frozenset)
