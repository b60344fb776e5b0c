"""The stage of the benchmarks: an installation on SQLite, a company, suppliers, stored orders, and replies to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from store import clock
from store.blobs import FolderBlobs
from store.database import Database
from store.installation import Installation
from store.journal import NoticeStatus
from store.migrate import migrate
from store.schema import metadata
from store.tokens import Purpose, Tokens, new_key
from workflows.intake import NewCompany, add_company, import_order, invite_supplier
from workflows.reading import DocumentKind, Party, Reading, ReadLine

RELAY = "mx.bench.example"
DOMAIN = "po.bench.example"
SECRET = "a secret for the bench only"
OWNER = "olga@harbour.example"
ORDERS_OF_A_SUPPLIER = 50
LINES = (
    ("Steel hub 32 holes", "40", "11.50"),
    ("Rim 28 inch, matt black", "20", "9.90"),
    ("Spoke 264 mm, stainless", "1280", "0.075"),
)


def an_installation(folder: Path) -> Installation:
    """A migrated installation in *folder*: SQLite with synchronous=FULL, as shipped."""
    metadata()
    installation = Installation(
        Database(f"sqlite:///{folder}/postroom.db"),
        FolderBlobs(folder / "blobs"),
        Tokens([SECRET.encode()]),
        "http://127.0.0.1:8025",
        DOMAIN,
        frozenset({RELAY}),
    )
    migrate(installation.database)
    return installation


NOTE = (
    "Our driver is called Max, and his lorry has a tail lift and a yellow label.",
    "The pallets carry your order number, as your colleagues in the workshop wished.",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is ready to be handed in."""

    sender: str
    recipient: str
    source: bytes


@dataclass(frozen=True, slots=True)
class Stage:
    """An installation and mails that answer its orders, each another one."""

    installation: Installation
    replies: Iterator[Mail]


def a_stage(folder: Path, documents: int) -> Stage:
    """A company with *documents* sent orders, fifty to a supplier, each with its event, notice and links."""
    installation = an_installation(folder)
    company_id = add_company(
        installation,
        NewCompany("Harbour Bikes", "orders@harbour.example", DOMAIN, "Olga Berg", OWNER, partial_invoices="pass"),
    )
    suppliers = max(documents // ORDERS_OF_A_SUPPLIER, 1)
    orders = []
    for n in range(suppliers):
        name, address = f"Anvil Workshop {n}", f"ana@anvil{n}.example"
        invite_supplier(installation, company_id, by=OWNER, name=name, address=address, contact="Ana Smith")
        orders.append(import_order(installation, company_id, _order(name, n), by=OWNER).document.id)
    with installation.database.write_rows() as connection:
        for at, order_id in enumerate(orders):
            copies = -(-documents // suppliers) - 1
            _copy(connection, installation.tokens, order_id, range(at * copies, (at + 1) * copies))
        notices = metadata().tables["notice"]
        connection.execute(update(notices).values(status=NoticeStatus.SENT.value, sent_at=clock.now()))
        connection.exec_driver_sql("analyze")
    return Stage(installation, _replies(installation))


def _order(supplier: str, n: int) -> Reading:
    return Reading(
        kind=DocumentKind.ORDER,
        number=f"PO-{n}",
        currency="EUR",
        issue_date=date(2026, 3, 2),
        seller=Party(name=supplier),
        lines=tuple(
            ReadLine(id=str(at), text=text, quantity=Decimal(quantity), unit="C62", unit_price=Decimal(price))
            for at, (text, quantity, price) in enumerate(LINES, 1)
        ),
    )


def _copy(connection: Connection, tokens: Tokens, order_id: int, numbers: range) -> None:
    """Copy the rows of an order once for each of *numbers*."""
    tables = metadata().tables
    shift = {name: _last_id(connection, tables[name]) + 1 for name in ("document", "event", "notice")}
    for name in ("document", "version", "order_line", "event", "notice", "link"):
        table = tables[name]
        whose = table.c.id if name == "document" else table.c.document_id
        rows = [dict(row._mapping) for row in connection.execute(select(table).where(whose == order_id))]
        made = [
            row | _renewed(row, name, tokens, {other: first + at for other, first in shift.items()}, number)
            for at, number in enumerate(numbers)
            for row in rows
        ]
        if made:
            connection.execute(insert(table), made)


def _last_id(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.max(table.c.id))).scalar_one() or 0


def _renewed(row: Mapping[str, Any], name: str, tokens: Tokens, ids: Mapping[str, int], number: int) -> dict[str, Any]:
    """What a copy of *row* does not share with it."""
    new: dict[str, Any] = {f"{other}_id": at for other, at in ids.items() if row.get(f"{other}_id") is not None}
    if name in ids:
        new["id"] = ids[name]
    if "key" in row:
        new["key"] = new_key()
    if "cause" in row:
        new["cause"] = f"{row['cause']}/{number}"
    if name == "document":
        new |= {"public_id": f"copy{number:06}", "number": f"{row['number']}/{number}"}
    if name == "notice":
        new["message_id"] = f"{tokens.token(Purpose.REPLY, new['key'])}@{DOMAIN}"
    return new


def _replies(installation: Installation) -> Iterator[Mail]:
    """A reply to each order mail, spread over the suppliers."""
    notices = metadata().tables["notice"]
    with installation.database.reader.connect() as connection:
        sent = connection.execute(
            select(notices.c.key, notices.c.to_address, notices.c.message_id)
            .where(notices.c.name == "order-sent")
            .order_by(func.substr(notices.c.key, 1, 4))
        ).all()
    for n, (key, address, message_id) in enumerate(sent):
        token = installation.tokens.token(Purpose.REPLY, key)
        yield Mail(address, f"{token}@{DOMAIN}", a_reply(address, f"{token}@{DOMAIN}", message_id, n))


def a_reply(author: str, to: str, message_id: str, n: int) -> bytes:
    """A reply of 3.4 KB in text and HTML that confirms the order, adds a note and quotes our mail."""
    quote = [
        "Harbour Bikes sends you the order PO-2041.",
        "",
        *(f"{at}  {text}: {quantity} pcs x EUR {price}" for at, (text, quantity, price) in enumerate(LINES, 1)),
        "",
        "Reply to this mail to answer; your reply is read by both sides, and stands with the order.",
        "What happens next: confirm the order, refuse it, or say which line should change, and how.",
    ]
    said = ["We confirm the order.", "", "Note:", *NOTE]
    end = ["Kind regards", "Ana Smith", "Anvil Workshop, Smithy Lane 4, 1020 Vienna", "T +43 1 555 0199"]
    wrote = "On Mon, 2 Mar 2026 at 09:12, Harbour Bikes wrote:"
    text = [*said, "", *end, "", wrote, *(f"> {line}".rstrip() for line in quote)]
    html = [
        '<html><head><meta http-equiv=3D"Content-Type" content=3D"text/html; charset=3Dutf-8"></head><body>',
        *(f"<div>{line or '<br>'}</div>" for line in (*said, "", *end)),
        f'<div class=3D"gmail_quote"><div>{wrote}</div><blockquote style=3D"margin:0 0 0 .8ex;border-left:1px #ccc">',
        *(f"<div>{line or '<br>'}</div>" for line in quote),
        "</blockquote></div></body></html>",
    ]
    lines = [
        f"Authentication-Results: {RELAY}; dmarc=pass header.from={author.partition('@')[2]};",
        f" spf=pass smtp.mailfrom={author}; dkim=pass header.d={author.partition('@')[2]}",
        f"Received: from mail.anvil.example (mail.anvil.example [192.0.2.7]) by {RELAY} with ESMTPS id 4F{n:06}",
        " for <orders@harbour.example>; Mon, 2 Mar 2026 10:30:07 +0000",
        f"From: Ana Smith <{author}>",
        f"To: Harbour Bikes <{to}>",
        "Subject: Re: Order PO-2041 from Harbour Bikes",
        f"Date: Mon, 2 Mar 2026 {10 + n // 3600 % 12:02}:{n // 60 % 60:02}:{n % 60:02} +0100",
        f"Message-ID: <reply.{n}.{to.partition('@')[0]}@anvil.example>",
        f"In-Reply-To: <{message_id}>",
        f"References: <{message_id}>",
        "MIME-Version: 1.0",
        "User-Agent: Mozilla Thunderbird",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=anvil.example; s=mail; t=1772443807;",
        " h=from:to:subject:date:message-id:in-reply-to:references; bh=" + "Uk9" * 14 + "=;",
        " b=" + "Q2h" * 22,
        "  " + "c3R" * 24,
        "  " + "YmF" * 22 + "==",
        "Content-Language: en-GB",
        "X-Mailer-Info: sent from the desk of Anvil Works",
        'Content-Type: multipart/alternative; boundary="=_part_1"',
        "",
        "--=_part_1",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        *text,
        "",
        "--=_part_1",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        *html,
        "",
        "--=_part_1--",
        "",
    ]
    return "\r\n".join(lines).encode()
