"""A mail acts once and is answered once, however often and by whatever way it comes."""

from __future__ import annotations

import re
import threading
from dataclasses import replace

from sqlalchemy import func, select

from inbound.receiving import Receiving
from inbound.route import route
from postroom.mailbox.mail import Mail
from store.database import Database
from store.journal import Event, Notice
from store.mails import Mail as Kept
from store.mails import MailRecipient
from tests.flows.conftest import Play


def _counts(play: Play) -> tuple[int, int]:
    """How many events and notices the company has."""
    with play.installation.database.read(play.company_id) as session:
        return (
            session.scalar(select(func.count(Event.id))) or 0,
            session.scalar(select(func.count(Notice.id))) or 0,
        )


def _by_another_hop(source: bytes) -> bytes:
    """The same letter as another hop hands it on: more trace headers, LF line ends."""
    trace = b"Delivered-To: somebody@elsewhere.example\r\nReceived: from a.example by b.example; Tue, 24 Nov 2026\r\n"
    return (trace + source).replace(b"\r\n", b"\n")


def _hand_in_again(play: Play, source: bytes, *recipients: str) -> bool:
    receiving = Receiving(play.installation)
    try:
        kept = receiving.keep(source, play.ana.address, recipients, "pipe")
        route(play.installation, kept.mail_id)
        return kept.new
    finally:
        receiving.close()


def _reply_address(mail: Mail) -> str:
    return mail.letter.reply_to[0].address


def test_the_same_mail_by_another_way_acts_once_and_is_answered_once(play: Play) -> None:
    """By SMTP, then through the pipe with another hop's headers and LF line ends."""
    order = play.ordered()
    play.ana.reply(order, "invoice all, no. 22914")
    play.ana.wait(notice="answer")
    sent = next(mail for mail in play.house.relay.mailboxes.mails(play.ana.address) if mail.sent)
    before = _counts(play)
    assert not _hand_in_again(play, _by_another_hop(sent.source), _reply_address(order))
    assert _counts(play) == before


def test_a_further_recipient_of_ours_neither_acts_nor_answers_again(play: Play) -> None:
    """The same letter to a second address of the same thread is the same mail."""
    order = play.ordered()
    play.ana.reply(order, "invoice all, no. 22914")
    answer = play.ana.wait(notice="answer")
    sent = next(mail for mail in play.house.relay.mailboxes.mails(play.ana.address) if mail.sent)
    before = _counts(play)
    assert not _hand_in_again(play, _by_another_hop(sent.source), _reply_address(order), _reply_address(answer))
    assert _counts(play) == before


def test_a_further_recipient_whose_nudge_is_lost_is_found_by_the_sweeper(play: Play) -> None:
    """It is routed for the second address all the same, and neither acts nor answers again."""
    order = play.ordered()
    play.ana.reply(order, "invoice all, no. 22914")
    answer = play.ana.wait(notice="answer")
    sent = next(mail for mail in play.house.relay.mailboxes.mails(play.ana.address) if mail.sent)
    play.settled()
    before = _counts(play)
    quiet = replace(play.installation, database=Database(str(play.installation.database.url)))  # it nudges nobody
    receiving = Receiving(quiet)
    kept = receiving.keep(sent.source, play.ana.address, [_reply_address(order), _reply_address(answer)], "pipe")
    receiving.close()
    for _ in range(400):
        with play.installation.database.read() as session:
            rows = session.scalars(select(MailRecipient.acted).where(MailRecipient.mail_id == kept.mail_id)).all()
            status = session.scalar(select(Kept.status).where(Kept.id == kept.mail_id))
        if all(rows):
            break
        threading.Event().wait(0.05)
    assert (status, rows) == ("acted", [True, True])
    assert _counts(play) == before


def test_confirming_twice_by_two_mails_confirms_once(play: Play) -> None:
    """The second mail is told that it was done."""
    play.ana.reply(play.ordered(), "invoice all, no. 22914")
    draft = play.ana.wait(notice="answer")
    play.ana.reply(draft, "confirm")
    play.ana.wait(notice="answer")
    play.ana.reply(draft, "confirm", quote=False)
    again = play.ana.wait(notice="answer")
    assert re.search("changed since you saw it|can no longer be done", again.letter.text)
    assert len([m for m in play.olga.inbox if m.letter.header("X-Postroom-Notice") == "invoice-to-approve"]) == 1
