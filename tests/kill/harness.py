"""A `postroom serve` that is fed with mail and killed at random moments, and what must be true in the end."""

from __future__ import annotations

import random
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from email.parser import BytesHeaderParser
from queue import Empty, Queue
from threading import Condition, Event, Thread

from sqlalchemy import func, select

from store.documents import Document
from store.journal import Event as Happened
from store.journal import Note, Notice
from store.mails import Mail
from store.tokens import Purpose
from tests.outbound.sink import Sink
from tests.postroom.served import Served
from workflows.intake import import_order, invite_supplier
from workflows.reading import DocumentKind, Party, Reading, ReadLine

OLGA = "olga@example.com"
DRAINED_WITHIN = 300.0
MAIL = """From: Ana <{address}>\r
To: {to}\r
Subject: Re: {order}\r
Message-ID: <{key}@supplier.example>\r
Date: Tue, 24 Nov 2026 10:00:00 +0000\r
Authentication-Results: mx.example.com; dmarc=pass header.from=supplier.example\r
\r
Remark {key}: the parts are on their way.\r
"""


@dataclass
class Fed:
    """A mail to hand in until it is taken: a remark about an order, told apart by its key."""

    key: str
    to: str
    source: bytes


@dataclass
class Feeder:
    """Hands mails in over SMTP from several threads, as mail servers do: again and again until 250."""

    served: Served
    mails: Queue[Fed] = field(default_factory=Queue)
    taken: list[str] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)
    up: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    def start(self, number: int) -> None:
        """Begin with *number* connections at a time."""
        self.threads = [Thread(target=self._feed, daemon=True) for _ in range(number)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """End the threads."""
        self.ended.set()
        self.up.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, number: int, seconds: float) -> bool:
        """Wait until *number* mails were taken in all."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.taken) >= number, seconds)

    def _feed(self) -> None:
        while not self.ended.is_set():
            try:
                mail = self.mails.get(timeout=0.1)
            except Empty:
                continue
            self.up.wait()
            try:
                with smtplib.SMTP("127.0.0.1", self.served.smtp, "feeder.example", timeout=20) as smtp:
                    smtp.sendmail("ana@supplier.example", [mail.to], mail.source)
            except (OSError, smtplib.SMTPException):
                self.mails.put(mail)  # no 250: not ours yet to forget
                self.ended.wait(0.02)
                continue
            with self.changed:
                self.taken.append(mail.key)
                self.changed.notify_all()


def orders(served: Served, number: int) -> list[tuple[str, str, str]]:
    """Sent orders, each to a supplier of its own: number, the supplier's address, the reply address of its notice."""
    installation = served.installation
    found = []
    for n in range(number):
        name, address = f"Supplier {n}", f"ana{n}@supplier.example"
        invite_supplier(installation, 1, by=OLGA, name=name, address=address, external_id=f"S{n}")
        line = ReadLine(id="1", text="Bolts", quantity=Decimal(5), unit="C62", unit_price=Decimal(2), net=Decimal(10))
        reading = Reading(
            kind=DocumentKind.ORDER, number=f"PO-{n}", currency="EUR", seller=Party(name=name), lines=(line,)
        )
        import_order(installation, 1, reading, by=OLGA)
        with installation.database.read() as session:
            key = session.scalars(
                select(Notice.key)
                .join(Document, Document.id == Notice.document_id)
                .where(Document.number == f"PO-{n}", Notice.to_address == address)
            ).one()
        found.append((f"PO-{n}", address, f"{installation.tokens.token(Purpose.REPLY, key)}@po.example.com"))
    return found


def remarks(about: list[tuple[str, str, str]], chance: random.Random) -> Iterator[Fed]:
    """Remarks about orders drawn by lot, without end."""
    n = 0
    while True:
        n += 1
        order, address, to = chance.choice(about)
        key = f"{n:06d}"
        yield Fed(key, to, MAIL.format(address=address, to=to, order=order, key=key).encode())


def run(served: Served, sink: Sink, *, kills: int, seed: int, say: Callable[[str], None] = print) -> list[str]:
    """Feed and kill *served*, let it finish, and return the keys of the mails that it has taken."""
    chance = random.Random(seed)
    # So many orders that none gets twenty mails: the fuse against loops is not what is tried here.
    mails = remarks(orders(served, max(6, kills * 40 // 6)), chance)
    feeder = Feeder(served)
    feeder.start(4)
    fed: list[str] = []
    try:
        for kill in range(kills):
            if chance.random() < 0.1:  # now and then before it is ready
                served.launch()
                feeder.ended.wait(chance.uniform(0.1, 2.5))
                served.kill()
                continue
            for mail in (next(mails) for _ in range(40)):
                fed.append(mail.key)
                feeder.mails.put(mail)
            before = len(feeder.taken)
            served.start()
            feeder.up.set()
            feeder.wait_for(before + chance.randint(1, 40), 20)
            feeder.ended.wait(chance.uniform(0, 0.4))
            served.kill()
            feeder.up.clear()
            say(f"kill {kill + 1}: {len(feeder.taken)} taken, {len(sink.box)} notices seen")
        served.start()
        feeder.up.set()
        assert feeder.wait_for(len(fed), DRAINED_WITHIN), f"{len(feeder.taken)} of {len(fed)} mails were taken"
        assert drained(served), f"not finished: {state(served)}\n{served.log[-3000:]}"
        assert served.stop() == 0
    finally:
        feeder.stop()
    return fed


def drained(served: Served) -> bool:
    """Wait until every mail is acted on and every notice is out."""
    pause = Event()
    for _ in range(int(DRAINED_WITHIN / 0.25)):
        mails, notices = state(served)
        if set(mails) <= {"acted"} and set(notices) <= {"sent"}:
            return True
        pause.wait(0.25)
    return False


def state(served: Served) -> tuple[dict[str, int], dict[str, int]]:
    """Mails and notices by status."""
    with served.installation.database.read() as session:
        mails = session.execute(select(Mail.status, func.count()).group_by(Mail.status)).all()
        notices = session.execute(select(Notice.status, func.count()).group_by(Notice.status)).all()
    return {str(status): number for status, number in mails}, {str(status): number for status, number in notices}


def check(served: Served, sink: Sink, fed: list[str]) -> None:
    """Nothing lost and nothing doubled: each mail is kept once, acted on once and told once, in order."""
    with served.installation.database.read() as session:
        kept = Counter(session.scalars(select(Mail.message_id)))
        notes = Counter(text.split(":")[0].removeprefix("Remark ") for text in session.scalars(select(Note.text)))
        noted = session.scalar(select(func.count()).where(Happened.step == "note"))
        told = session.execute(
            select(Notice.message_id, Notice.person_id, Notice.document_id, Notice.name).order_by(Notice.id)
        ).all()
    assert kept == Counter(f"{key}@supplier.example" for key in fed)
    assert notes == Counter(fed)
    assert noted == len(fed)
    assert Counter(row.name for row in told)["note"] == len(fed)
    arrived = [_message_id(envelope.original_content or b"") for envelope in sink.box]
    assert set(arrived) == {row.message_id for row in told}, "a notice was lost, or one came that no row knows"
    first = {message_id: at for at, message_id in reversed(list(enumerate(arrived)))}
    last: dict[tuple[int, int], int] = {}
    for row in told:
        at = first[row.message_id]
        assert at > last.get((row.person_id, row.document_id), -1), "a notice overtook another about its document"
        last[row.person_id, row.document_id] = at


def _message_id(mail: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(mail)["Message-ID"]).strip("<>")
