"""Mail to Acme as bytes, kept and routed: what it did is read from the rows, and answers from the composed notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from email.message import EmailMessage
from itertools import count
from typing import Any

from sqlalchemy import select, update

from inbound.letter import Letter, read_letter
from inbound.receiving import Receiving
from inbound.route import route
from outbound.delivery import deliver
from store.installation import Installation
from store.journal import Comment, Event, Note, Notice
from store.mails import Mail, MailStatus
from store.tokens import Purpose
from tests.inbound.web.world import ANA, BEN, COLLEAGUE, FERRUM, OWNER, World, make_world

__all__ = ["ANA", "BEN", "COLLEAGUE", "FERRUM", "MAILBOX", "OWNER", "Post", "a_mail", "an_invoice", "make_post"]

MAILBOX = "orders@acme.example"
RELAY = "mx.example.com"
_NUMBERS = count(1)
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def a_mail(
    author: str,
    to: str | Sequence[str],
    text: str | None = "",
    files: Sequence[tuple[str, bytes]] = (),
    *,
    subject: str = "Re: order",
    cc: str = "",
    proof: str = "pass",
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The bytes of a mail as the relay hands it on; *proof* is its verdict on DMARC ("" for none)."""
    mail = EmailMessage()
    domain = author.rpartition("@")[2].rstrip(">")
    mail["From"] = author
    mail["To"] = to if isinstance(to, str) else ", ".join(to)
    if cc:
        mail["Cc"] = cc
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{next(_NUMBERS)}@{domain}>"
    mail["Date"] = "Tue, 24 Nov 2026 10:00:00 +0000"
    if proof:
        mail["Authentication-Results"] = f"{RELAY}; dmarc={proof} header.from={domain}"
    for name, value in headers:
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    for name, content in files:
        main, _, sub = ("application/pdf" if name.endswith("pdf") else "application/xml").partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def an_invoice(
    number: str = "22914",
    order: str = "PO-1",
    lines: Sequence[tuple[int, object, object]] = ((1, 10, "4.50"), (2, 20, "5.50")),
    *,
    kind: str = "380",
    date: str = "2026-11-20",
) -> bytes:
    """A UBL invoice; *lines* are the order line, the quantity and the price."""
    sums = [Decimal(str(quantity)) * Decimal(str(price)) for _, quantity, price in lines]
    net = sum(sums, Decimal(0))
    tax = (net / 5).quantize(Decimal("0.01"))
    rows = "".join(
        f"<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:InvoicedQuantity unitCode='C62'>{quantity}</cbc:InvoicedQuantity>"
        f"<cbc:LineExtensionAmount currencyID='EUR'>{amount}</cbc:LineExtensionAmount>"
        f"<cac:OrderLineReference><cbc:LineID>{n}</cbc:LineID></cac:OrderLineReference>"
        f"<cac:Item><cbc:Name>Bracket {n}</cbc:Name></cac:Item>"
        f"<cac:Price><cbc:PriceAmount currencyID='EUR'>{price}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"
        for (n, quantity, price), amount in zip(lines, sums, strict=True)
    )
    named = f"<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>" if order else ""
    return (
        f"<Invoice xmlns='{_UBL}Invoice-2' xmlns:cac='{_UBL}CommonAggregateComponents-2'"
        f" xmlns:cbc='{_UBL}CommonBasicComponents-2'><cbc:ID>{number}</cbc:ID><cbc:IssueDate>{date}</cbc:IssueDate>"
        f"<cbc:InvoiceTypeCode>{kind}</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"{named}<cac:TaxTotal><cbc:TaxAmount currencyID='EUR'>{tax}</cbc:TaxAmount></cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID='EUR'>{net}</cbc:LineExtensionAmount>"
        f"<cbc:TaxExclusiveAmount currencyID='EUR'>{net}</cbc:TaxExclusiveAmount>"
        f"<cbc:TaxInclusiveAmount currencyID='EUR'>{net + tax}</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount currencyID='EUR'>{net + tax}</cbc:PayableAmount></cac:LegalMonetaryTotal>{rows}</Invoice>"
    ).encode()


def a_credit_note(
    number: str = "G-1",
    credited: str = "22914",
    lines: Sequence[tuple[int, object, object]] = ((1, 2, "4.50"),),
    *,
    date: str = "2026-11-22",
) -> bytes:
    """A UBL credit note for the invoice *credited*; *lines* are the line's number, the quantity and the price."""
    source = an_invoice(number, "", lines, date=date).decode()
    for old, new in (
        ("Invoice-2", "CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceTypeCode>380", "CreditNoteTypeCode>381"),
        ("InvoiceTypeCode", "CreditNoteTypeCode"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("cac:InvoiceLine", "cac:CreditNoteLine"),
    ):
        source = source.replace(old, new)
    named = f"<cac:InvoiceDocumentReference><cbc:ID>{credited}</cbc:ID></cac:InvoiceDocumentReference>"
    named = f"<cac:BillingReference>{named}</cac:BillingReference>" if credited else ""
    return source.replace("<cac:TaxTotal>", f"{named}<cac:TaxTotal>", 1).encode()


@dataclass(slots=True)
class Outbox:
    """A relay that keeps what it is given."""

    last: bytes = b""
    mails: dict[int, bytes] = field(default_factory=dict)
    away: bool = False
    longest: float = 30

    def send(self, _sender: str, _recipient: str, mail: bytes) -> None:
        self.last = mail


@dataclass(frozen=True, slots=True)
class Post:
    """A world that takes mail."""

    world: World
    receiving: Receiving
    relay: Outbox = field(default_factory=lambda: Outbox())

    @property
    def installation(self) -> Installation:
        return self.world.installation

    def hand_in(self, source: bytes, *to: str, sender: str = "envelope@sender.example") -> int:
        """Keep the mail and return its id."""
        return self.receiving.keep(source, sender, to, "smtp").mail_id

    def take(self, source: bytes, *to: str) -> int:
        """Keep the mail, act on it, and return its id."""
        mail_id = self.hand_in(source, *to)
        route(self.installation, mail_id)
        return mail_id

    def send(
        self, author: str, to: str | Sequence[str], text: str | None = "", *files: tuple[str, bytes], **more: Any
    ) -> int:
        """Write, keep and act on a mail."""
        addresses = (to,) if isinstance(to, str) else tuple(to)
        ours = more.pop("ours", addresses)
        return self.take(a_mail(author, addresses, text, files, **more), *ours)

    def address(self, name: str, to: str, document_id: int | None = None) -> str:
        """The reply address of the newest notice *name* to somebody."""
        return f"{self.installation.tokens.token(Purpose.REPLY, self.notice(name, to, document_id).key)}@po.example.com"

    def notice(self, name: str, to: str, document_id: int | None = None) -> Notice:
        with self.installation.database.read() as session:
            found = select(Notice).where(Notice.name == name, Notice.to_address == to).order_by(Notice.id.desc())
            if document_id is not None:
                found = found.where(Notice.document_id == document_id)
            notice = session.scalars(found.limit(1)).one_or_none()
        assert notice is not None, f"no {name} to {to} among {self.world.notices()}"
        return notice

    def letter(self, name: str, to: str) -> Letter:
        """The newest notice *name* to somebody as they read it."""
        wanted = self.notice(name, to).id
        with self.installation.database.read() as session:
            queued = session.scalars(select(Notice.id).where(Notice.status == "queued").order_by(Notice.id)).all()
        for notice_id in queued:  # one after the other, as they leave
            assert deliver(self.installation, self.relay, notice_id)  # type: ignore[arg-type]
            self.relay.mails[notice_id] = self.relay.last
        return read_letter(self.relay.mails[wanted])

    def text(self, name: str, to: str) -> str:
        """The words of the newest notice *name* to somebody, on one line."""
        return " ".join(self.letter(name, to).text.split())

    def names(self, to: str | None = None, since: int = 0) -> list[str]:
        """The names of the notices to somebody, or to all, the first *since* left out."""
        return [name for name, address in self.world.notices()[since:] if to in (None, address)]

    def count(self) -> int:
        return len(self.world.notices())

    def said(self) -> list[tuple[str, str, str]]:
        """(kind, author, text) of every note and comment."""
        with self.installation.database.read() as session:
            notes = [("note", n.author, n.text) for n in session.scalars(select(Note).order_by(Note.event_id))]
            comments = [
                ("comment", n.author, n.text) for n in session.scalars(select(Comment).order_by(Comment.event_id))
            ]
        return notes + comments

    def mail(self, mail_id: int) -> Mail:
        with self.installation.database.read() as session:
            return session.get_one(Mail, mail_id)

    def set_status(self, mail_id: int, status: MailStatus) -> None:
        with self.installation.database.write() as session:
            session.execute(update(Mail).where(Mail.id == mail_id).values(status=status.value))

    def events(self) -> int:
        with self.installation.database.read() as session:
            return len(session.scalars(select(Event.id)).all())

    def invoices(self) -> list[tuple[str | None, str]]:
        """(number, status) of every invoice."""
        from store.documents import Document as Row

        with self.installation.database.read() as session:
            found = session.execute(select(Row.number, Row.status).where(Row.kind == "invoice").order_by(Row.id))
            return [(number, status) for number, status in found]


def make_post(installation: Installation) -> Post:
    """Acme with its two suppliers."""
    return Post(make_world(installation), Receiving(installation))
