"""`postroom doctor --mail-round-trip`: mails a probe through the relay to a reply address of ours, and waits.

The probe is marked as our own mail, so it is kept and filed as any mail is, and nobody is answered.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Event
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from inbound.digest import headers_named, letter_digest
from postroom.doctor import Finding, Level
from postroom.settings import Settings, installation_of
from store import clock
from store.installation import Installation
from store.mails import Mail, MailRecipient, MailSource
from store.parties import Company
from store.tokens import Purpose, new_key

if TYPE_CHECKING:
    from outbound.relay import Relay

ABOUT = "mail round trip"
TEXT = "This mail was sent by `postroom doctor` to see whether mail comes back. Nobody needs to answer it.\n"


@dataclass(frozen=True, slots=True)
class Probe:
    """A mail to ourselves, and how it is known again."""

    key: bytes
    sender: str
    to: str
    message_id: str
    source: bytes


def examine_mail(settings: Settings, wait: float) -> list[Finding]:
    """Send the probe as the settings say, and wait for it up to *wait* seconds."""
    from postroom.mail_servers import relay_of

    installation = installation_of(settings)
    relay = relay_of(settings)
    try:
        return list(round_trip(installation, relay, wait))
    finally:
        relay.close()
        installation.database.close()


def round_trip(installation: Installation, relay: Relay, wait: float) -> Iterator[Finding]:
    """Send a probe in the first company's name by *relay*, and say how it came back to *installation*."""
    from outbound.errors import MailRefused, RelayAway

    with installation.database.read() as session:
        company = session.scalars(select(Company).order_by(Company.id).limit(1)).first()
    if company is None:
        text = "There is no company yet, so there is no address to write to."
        yield Finding(ABOUT, Level.FAULT, text, "Run: postroom company add")
        return
    probe = a_probe(installation, company)
    began = time.monotonic()
    try:
        relay.send(probe.sender, probe.to, probe.source)
    except RelayAway as error:
        mend = "Check POSTROOM_RELAY_URL and its login."
        yield Finding(ABOUT, Level.FAULT, f"The relay does not take our mail: {error}.", mend)
        return
    except MailRefused as error:
        mend = f"Let the relay take mail from {company.mailbox} and from our reply addresses."
        yield Finding(ABOUT, Level.FAULT, f"The relay refused the probe: {error}.", mend)
        return
    row = _back(installation, probe, began + wait)
    if row is None:
        text = f"The relay took a probe to {_hidden(probe.to)}, which was not back after {wait:.0f} seconds."
        mend = (
            "See that `postroom serve` runs, that the domain's MX or the mailbox's rule leads here, and what the mail"
            " server's log says of it."
        )
        yield Finding(ABOUT, Level.FAULT, text, mend)
        return
    seconds = time.monotonic() - began
    text = f"A probe to {_hidden(probe.to)} was back after {seconds:.1f} seconds, by {row.way.upper()}."
    yield Finding(ABOUT, Level.WELL, text)
    source = row.source if row.source is not None else installation.blobs.get(row.blob)
    yield from _changes(probe, company, row, bytes(source))
    yield from _proof(installation, bytes(source))


def a_probe(installation: Installation, company: Company) -> Probe:
    """A fresh probe, addressed as a reply to a notice of *company* would be."""
    from outbound.reply_address import from_address, reply_address

    key = new_key()
    to = reply_address(installation.tokens, company, key)
    message_id = f"{installation.tokens.token(Purpose.REPLY, key)}@{installation.mail_domain}"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = from_address(company, to)
    mail["To"] = to
    mail["Subject"] = "Postroom sees whether mail comes back"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Postroom-Notice"] = "probe"
    mail.set_content(TEXT)
    return Probe(key, to, to, message_id, mail.as_bytes())


def _back(installation: Installation, probe: Probe, until: float) -> Any:
    """The row of the probe as soon as it is kept, with its source; None when the time is up."""
    known = or_(
        MailRecipient.key == probe.key,
        Mail.digest == letter_digest(probe.source),
        Mail.message_id == probe.message_id,  # told once it was read: the text may have been changed on the way
    )
    query = (
        select(Mail.way, MailRecipient.recipient, MailSource.source, MailSource.blob)
        .join(MailRecipient, MailRecipient.mail_id == Mail.id)
        .join(MailSource, MailSource.mail_id == Mail.id)
        .where(known)
        .order_by(MailRecipient.key.is_(None))
        .limit(1)
    )
    pause = Event()
    while True:
        with installation.database.read() as session:
            row = session.execute(query).first()
        if row is not None or time.monotonic() >= until:
            return row
        pause.wait(0.3)


def _changes(probe: Probe, company: Company, row: Any, source: bytes) -> Iterator[Finding]:
    if company.reply_style != "plain" and row.recipient != probe.to.lower():
        text = f"It came for {row.recipient}: the reply address was lost on the way."
        mend = "Answers are still known by the mail that they answer; let the server keep the recipient if it can."
        yield Finding(ABOUT, Level.WARNING, text, mend)
    if letter_digest(source) != letter_digest(probe.source):
        text = "Its subject or its text was changed on the way, by a banner or a footer, say."
        mend = "Except Postroom's mail from such rules if you can: they break DKIM signatures."
        yield Finding(ABOUT, Level.WARNING, text, mend)


def _proof(installation: Installation, source: bytes) -> Iterator[Finding]:
    """Whether somebody judged the sender, and whether we believe them."""
    judged = headers_named(source, b"authentication-results")
    if not judged:
        text = "No server wrote Authentication-Results into it."
        mend = "Let the server that takes mail from outside check SPF, DKIM and DMARC, and write down what it found."
        yield Finding(ABOUT, Level.WARNING, text, mend)
        return
    server = (judged[0].partition(";")[0].split() or [""])[0].lower()
    if "=" in server or not server:
        text = "The server that judged its sender gives no name, as Microsoft 365 does: anybody may have written that."
        mend = "Set POSTROOM_TRUST so that Postroom checks senders itself, such as imap=verify"
        yield Finding(ABOUT, Level.WARNING, text, mend)
        return
    if server in installation.trusted_relays:
        yield Finding(ABOUT, Level.WELL, f"{server} judged its sender, and is believed.")
        return
    text = f"The server that judged its sender calls itself {server[:100]}, and is not believed."
    mend = f"If it is yours and takes all mail from outside: set POSTROOM_TRUSTED_RELAYS to {server[:100]}"
    yield Finding(ABOUT, Level.WARNING, text, mend)


def _hidden(address: str) -> str:
    """*address* without what its token opens."""
    local, _, domain = address.rpartition("@")
    return f"{local[:-20]}…@{domain}" if len(local) >= 26 else address
