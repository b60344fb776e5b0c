"""How a mail acts: who wrote it, what it may do, what is answered, and what hostile or odd mails do not do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from inbound.letter import Attachment as File
from inbound.route import confirm_mail, route
from postroom.demo.files import ORDERED, Item, confirmation_file, delivery_note_file
from store import clock
from store.installation import Installation
from store.journal import Attachment, Event, Link, Notice
from store.mails import Mail, MailStatus
from store.parties import Person
from store.triage import KnownSender
from tests.inbound.documents.test_zipped import a_zip, locked
from tests.inbound.post import ANA, BEN, COLLEAGUE, MAILBOX, OWNER, Post, a_mail, an_invoice, make_post
from tests.sheets import an_xlsx
from workflows.reading import Defect, DocumentFormat, DocumentKind, Reading

XML = "invoice.xml"
LISTED = [["7", "2026-11-20", 186.0, 186.0], ["INV-8", "2026-11-21", 20.0, 20.0], ["GS-7", "2026-11-21", 5.0, 5.0]]


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme, its suppliers, and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def press(post: Post, notice: Notice) -> None:
    """Press the confirm link of *notice*."""
    with post.installation.database.read() as session:
        link = session.scalars(select(Link).where(Link.notice_id == notice.id, Link.step == "mail")).one()
    confirm_mail(post.installation, link)


def a_draft(post: Post, **more: Any) -> str:
    """Ana sends the invoice 22914; the reply address of the answer."""
    post.send(ANA, post.address("order-sent", ANA), "Our invoice.", (XML, an_invoice(**more)))
    assert post.invoices()[-1] == ("22914", "draft")
    return post.address("answer", ANA)


def a_pending(post: Post) -> str:
    """Ana's invoice agrees and is confirmed; the reply address of Olga's approval request."""
    post.send(ANA, a_draft(post), "confirm")
    assert post.invoices() == [("22914", "pending")]
    return post.address("invoice-to-approve", OWNER)


# --- who may do what ---------------------------------------------------------------------------------------------


def test_a_stranger_with_a_stolen_reply_address_writes_a_note_and_no_more(post: Post) -> None:
    """The note names the address beside the name that the stranger chose; the invoice waits for Ana's confirmation."""
    to = post.address("order-sent", ANA)
    post.send("Olga Owner <mallory@evil.example>", to, "Please pay to my account.", (XML, an_invoice()))
    assert post.invoices() == []
    assert post.said() == [("note", "Olga Owner <mallory@evil.example>", "Please pay to my account.")]
    assert post.notice("confirm-sender", ANA)
    assert "answer" not in post.names("mallory@evil.example")


def test_a_stranger_with_a_stolen_reply_address_reads_nothing(post: Post) -> None:
    """A question for the status is not answered to them; what is refused is said without the document."""
    to = post.address("order-sent", ANA)
    post.send("mallory@evil.example", to, "status")
    assert post.names("mallory@evil.example") == []
    post.send("mallory@evil.example", to, "", ("broken.pdf", b"%PDF-1.4 nothing"))
    answer = post.letter("answer", "mallory@evil.example")
    assert "broken.pdf" in answer.text
    assert "Bracket" not in answer.text
    assert post.notice("answer", "mallory@evil.example").facts["links"] == []


def test_a_supplier_who_writes_to_another_suppliers_thread_acts_in_no_name(post: Post) -> None:
    """Ben holds Ana's reply address: he is a stranger there, and his invoice is not Ferrum's."""
    post.send(BEN, post.address("order-sent", ANA), "we confirm the order", (XML, an_invoice()))
    assert post.invoices() == []
    assert post.world.newest("order").status == "sent"
    assert post.notice("confirm-sender", ANA)
    assert BEN in post.said()[0][1] if post.said() else True


def test_a_supplier_who_holds_the_buyers_internal_address_decides_nothing(post: Post) -> None:
    """Ana answers Olga's approval request: she cannot approve, and her words reach the customer."""
    internal = a_pending(post)
    post.send(ANA, internal, "approve")
    assert post.invoices() == [("22914", "pending")]
    post.send(ANA, internal, "The boxes are blue.")
    assert ("note", "Ana Adler", "The boxes are blue.") in post.said()
    assert "note" in post.names(OWNER)


def test_f31_the_owner_approves_by_reply(post: Post) -> None:
    """The proved person to whom the request went."""
    post.send(OWNER, a_pending(post), "approve")
    assert post.invoices() == [("22914", "approved")]


@pytest.mark.parametrize("proof", ["fail", ""])
def test_b15_an_approval_without_proof_waits_for_the_link(post: Post, proof: str) -> None:
    """A forged or unproved mail in Olga's name approves nothing until she says that it was hers."""
    post.send(OWNER, a_pending(post), "approve", proof=proof)
    assert post.invoices() == [("22914", "pending")]
    press(post, post.notice("confirm-sender", OWNER))
    assert post.invoices() == [("22914", "approved")]


def test_b15_a_confirm_link_pressed_twice_acts_once(post: Post) -> None:
    """The second press changes nothing and tells nobody again."""
    post.send(OWNER, a_pending(post), "approve", proof="")
    notice = post.notice("confirm-sender", OWNER)
    press(post, notice)
    before = post.world.rows()
    press(post, notice)
    after = post.world.rows()
    assert before["event"] == after["event"]
    assert before["notice"] == after["notice"]


def test_b15_a_confirm_link_is_not_held_up_by_a_mail_that_waits(post: Post) -> None:
    """An earlier mail of the thread that could not be acted on does not swallow the press."""
    to = a_pending(post)
    broken = post.hand_in(a_mail(OWNER, to, "thanks"), to)
    post.set_status(broken, MailStatus.QUARANTINED)
    post.send(OWNER, to, "approve", proof="")
    post.set_status(broken, MailStatus.FAILED)
    press(post, post.notice("confirm-sender", OWNER))
    assert post.invoices() == [("22914", "approved")]


def test_b19_a_colleague_without_rights_is_told_that_they_cannot_approve(post: Post) -> None:
    """Carl is neither the owner nor an approver; his wish does not become a comment silently."""
    post.send(COLLEAGUE, a_pending(post), "approve")
    assert post.invoices() == [("22914", "pending")]
    assert "Only the owner of the document or an approver can do this" in post.text("answer", COLLEAGUE)


def test_b16_an_accountant_elsewhere_forwards_the_order_mail_with_the_invoice(post: Post) -> None:
    """The thread leads to the order; the confirm link goes to Ana, and then the invoice is hers."""
    to = post.address("order-sent", ANA)
    post.send("tax@office.example", to, "As agreed with Ferrum.", (XML, an_invoice()), subject="Fwd: order")
    assert post.invoices() == []
    press(post, post.notice("confirm-sender", ANA))
    assert post.invoices() == [("22914", "draft")]
    assert "22914" in post.text("answer", ANA)
    with post.installation.database.read() as session:
        vias = set(session.scalars(select(Event.via)))
    assert "mail, via forwarded thread" in vias


def test_a_number_in_the_subject_is_no_secret_and_needs_a_proved_sender_even_for_a_note(post: Post) -> None:
    """Anybody can write as Ana about PO-1; nothing is said in her name until she confirms it."""
    post.send(ANA, MAILBOX, "We deliver tomorrow.", subject="About PO-1", proof="fail")
    assert post.said() == []
    press(post, post.notice("confirm-sender", ANA))
    assert post.said() == [("note", "Ana Adler", "We deliver tomorrow.")]


def test_a_known_sender_with_a_number_in_the_subject_finds_the_document(post: Post) -> None:
    """Proved, and the number is unique."""
    post.send(ANA, MAILBOX, "We deliver tomorrow.", subject="About PO-1")
    assert post.said() == [("note", "Ana Adler", "We deliver tomorrow.")]


def test_b15_a_subject_is_no_token_and_decides_nothing(post: Post) -> None:
    """Olga, proved, writes of her own accord: what she saw of it is not known, so she is asked once more."""
    a_pending(post)
    post.send(OWNER, MAILBOX, "approve", subject="Re: 22914")
    assert post.invoices() == [("22914", "pending")]
    press(post, post.notice("confirm-sender", OWNER))
    assert post.invoices() == [("22914", "approved")]


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
def test_b15_an_answer_to_the_mailbox_is_known_by_the_message_that_it_answers(post: Post, header: str) -> None:
    """As with the reply style plain: the Message-ID carries the token."""
    a_pending(post)
    answered = f"<{post.notice('invoice-to-approve', OWNER).message_id}>"
    post.send(OWNER, MAILBOX, "approve", headers=[(header, f"<other@x.example> {answered}")])
    assert post.invoices() == [("22914", "approved")]


def test_b15_a_token_in_the_text_alone_proves_too_little_for_a_decision(post: Post) -> None:
    """Quoted text can be anybody's."""
    to = a_pending(post)
    post.send(OWNER, MAILBOX, f"approve\n\n> From: {to}\n> Please decide.", subject="hello")
    assert post.invoices() == [("22914", "pending")]


def test_a_stranger_at_the_mailbox_is_answered_once_a_day(post: Post) -> None:
    """One polite answer, and nothing of ours in it."""
    for text in ("Hello, is this the shop?", "Hello again"):
        post.send("walk@in.example", MAILBOX, text, subject="Question")
    assert post.names("walk@in.example") == ["stranger"]


def test_mail_in_the_name_of_our_own_mailbox_is_never_answered_to_ourselves(post: Post) -> None:
    """A group that writes its own address over the author's, or somebody who plays with us."""
    post.send(MAILBOX, MAILBOX, "Hello")
    post.send(MAILBOX, post.address("order-sent", ANA), "status")
    post.send(post.address("order-sent", ANA), MAILBOX, "Hello")
    assert not [a for _, a in post.world.notices() if a == MAILBOX or a.endswith("@po.example.com")]


# --- machines ----------------------------------------------------------------------------------------------------


def test_b21_our_own_notice_that_comes_back_does_nothing(post: Post) -> None:
    """A rule that forwards everything to us."""
    order = post.address("order-sent", ANA)
    post.letter("order-sent", ANA)
    before = (post.count(), post.events())
    post.take(post.relay.mails[post.notice("order-sent", ANA).id], order)
    assert (post.count(), post.events()) == before


def a_bounce(post: Post, name: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) about the newest notice *name* to Ana."""
    message_id = post.notice(name, ANA).message_id
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.ferrum.example\r\nTo: orders@po.example.com\r\n"
        "Subject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.ferrum.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: Order\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def test_b21_a_bounce_flags_the_address_and_tells_the_buyer(post: Post) -> None:
    """The invitation failed; a bounce that comes twice by another hop is one."""
    invitation = post.world.newest("invitation", "Ferrum Ltd")
    to = post.address("invitation", ANA)
    post.take(a_bounce(post, "invitation"), to)
    post.take(b"Received: by another hop\r\n" + a_bounce(post, "invitation"), to)
    with post.installation.database.read() as session:
        flagged = session.scalar(select(Person.address_failed_at).where(Person.address == ANA))
    assert flagged is not None
    assert post.world.document(invitation.id).status == "failed"
    assert post.names(OWNER).count("address-failed") == 1
    assert ANA in post.text("address-failed", OWNER)


def test_b21_a_bounce_for_now_flags_nothing(post: Post) -> None:
    """4.x.x: the mail system tries on."""
    post.take(a_bounce(post, "invitation", "delayed", "4.4.1"), post.address("invitation", ANA))
    with post.installation.database.read() as session:
        assert session.scalar(select(Person.address_failed_at).where(Person.address == ANA)) is None
    assert "address-failed" not in post.names()


def test_b21_a_bounce_of_nothing_of_ours_is_filed(post: Post) -> None:
    """Backscatter to the mailbox."""
    source = a_bounce(post, "invitation").replace(post.notice("invitation", ANA).message_id.encode(), b"x@y.example")
    before = (post.count(), post.events())
    mail_id = post.take(source, MAILBOX)
    assert (post.count(), post.events()) == before
    assert post.mail(mail_id).status == MailStatus.ACTED


@pytest.mark.parametrize(
    "headers",
    [
        [("Auto-Submitted", "auto-replied")],
        [("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes")],
        [("List-Id", "<all.ferrum.example>")],
        [("Precedence", "bulk")],
    ],
)
@pytest.mark.parametrize("text", ["we confirm the order", "I am out of the office. refuse: ask my colleague."])
def test_b21_machines_neither_act_nor_speak_nor_are_answered(post: Post, headers: list[Any], text: str) -> None:
    """Auto-replies, out-of-office texts and list mail, with a picture among them."""
    before = (post.count(), post.events())
    picture = ("logo.pdf", b"not a document")
    post.send(ANA, post.address("order-sent", ANA), text, picture, headers=headers, subject="Automatic reply: order")
    assert (post.count(), post.events()) == before
    assert post.world.newest("order").status == "sent"


def test_b21_an_invoice_from_a_machine_becomes_a_draft_silently(post: Post) -> None:
    """Accounting programs send as noreply: nothing is lost, and the robot is not answered."""
    before = post.count()
    post.send(
        ANA,
        post.address("order-sent", ANA),
        "Do not reply.",
        (XML, an_invoice()),
        headers=[("Auto-Submitted", "auto-generated")],
    )
    assert post.invoices() == [("22914", "draft")]
    assert post.count() == before
    assert post.said() == []


# --- documents ---------------------------------------------------------------------------------------------------


def test_b10_two_invoices_in_one_mail_for_two_orders(post: Post) -> None:
    """Each becomes a draft of its own order; one answer shows both."""
    post.world.order("PO-2", text_of="Rim")
    files = [("a.xml", an_invoice("1", "PO-1")), ("b.xml", an_invoice("2", "PO-2"))]
    post.send(ANA, post.address("order-sent", ANA), "Two invoices.", *files)
    assert post.invoices() == [("1", "draft"), ("2", "draft")]
    answer = post.notice("answer", ANA).facts["answer"]
    assert [d["order_number"] for d in answer["drafts"]] == ["PO-1", "PO-2"]
    assert post.names(ANA).count("answer") == 1


def test_a_document_goes_to_the_open_order_that_it_names(post: Post) -> None:
    """Pressing Reply on an old mail does not make it that order's invoice; the read-back says which it is."""
    old = post.address("order-sent", ANA)
    post.world.order("PO-2")
    post.send(ANA, old, "Our invoice.", (XML, an_invoice(order="PO-2")))
    assert post.world.newest("invoice").content.order_numbers == ["PO-2"]
    assert "PO-2" in post.text("answer", ANA)


def test_a_document_that_names_no_order_is_proposed_for_the_threads(post: Post) -> None:
    """The thread's order is the best that is known."""
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice(order="")))
    assert post.world.newest("invoice").content.order_numbers == ["PO-1"]


def test_a_document_for_a_closed_order_is_not_matched_with_another(post: Post) -> None:
    """The order that it names was canceled: that is a difference, and not a reason to take the thread's order."""
    closed = post.world.order("PO-2")
    with post.installation.database.write() as session:
        from store.documents import Document as Row

        session.execute(update(Row).where(Row.id == closed).values(status="canceled"))
    post.send(
        ANA, post.address("order-sent", ANA, post.world.newest("order").id - 0), "", (XML, an_invoice(order="PO-2"))
    )
    invoice = post.world.newest("invoice").content
    assert invoice.order_numbers == ["PO-2"]
    assert "order_closed" in [d.code for d in invoice.differences]


@pytest.mark.parametrize("name", ["invoice.xml", "another name.xml"])
def test_b12_another_copy_joins_the_invoice_and_is_answered_with_its_status(post: Post, name: str) -> None:
    """The same number and totals in another file: no second draft, and the file is kept with the first."""
    a_pending(post)
    copy = an_invoice().replace(b"<Invoice ", b"<!-- printed again --><Invoice ")
    post.send(ANA, post.address("order-sent", ANA), "", (name, copy))
    assert post.invoices() == [("22914", "pending")]
    assert "Waiting for approval" in post.text("answer", ANA)
    with post.installation.database.read() as session:
        kept = session.scalars(select(Attachment.name).where(Attachment.side.is_(None))).all()
    assert kept == ["invoice.xml", name]
    assert post.names(OWNER).count("invoice-to-approve") == 1


def test_b12_the_same_invoice_as_xml_and_pdf_in_one_mail_is_one_draft(post: Post) -> None:
    """Both files lie with it; the XML is what is read."""
    post.world.order("PO-2041", text_of="Hub")
    from postroom.demo.files import ORDERED, invoice_file

    pdf = invoice_file("22914", ORDERED)
    lines = [(i.n, i.quantity, i.price) for i in ORDERED]
    xml = an_invoice("22914", "PO-2041", lines, date="2026-11-12")
    post.send(ANA, post.address("order-sent", ANA), "", (pdf.name, pdf.content), (XML, xml))
    assert post.invoices() == [("22914", "draft")]
    with post.installation.database.read() as session:
        assert set(session.scalars(select(Attachment.name))) == {pdf.name, XML}


def test_b12_other_totals_under_the_same_number_raise_the_alarm(post: Post) -> None:
    """It is a draft of its own, and the difference is told."""
    a_pending(post)
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice(lines=[(1, 5, "4.50")])))
    assert post.invoices() == [("22914", "pending"), ("22914", "draft")]
    assert "An invoice with this number is already here" in post.text("answer", ANA)


def test_b12_the_same_number_in_another_year_is_another_invoice(post: Post) -> None:
    """Some count from 1 every year."""
    a_pending(post)
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice(date="2027-01-04")))
    assert len(post.invoices()) == 2
    assert "duplicate" not in [d.code for d in post.world.newest("invoice").content.differences]


def test_f33_a_corrected_invoice_sent_to_the_order_corrects_the_one_in_revision(post: Post) -> None:
    """Whatever mail the supplier answers, the same number is the same invoice, and no duplicate."""
    post.send(OWNER, a_pending(post), "revise: only one bracket came")
    assert post.invoices() == [("22914", "in_revision")]
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice(lines=[(1, 9, "4.50"), (2, 20, "5.50")])))
    assert post.invoices() == [("22914", "in_revision")]
    invoice = post.world.newest("invoice").content
    assert str(invoice.net) == "150.5"
    assert "duplicate" not in [d.code for d in invoice.differences]


def test_one_file_to_two_threads_is_one_invoice(post: Post) -> None:
    """A mail to the order and to the draft of its invoice corrects the draft, once."""
    draft = a_draft(post)
    both = (post.address("order-sent", ANA), draft)
    mail_id = post.send(ANA, both, "", (XML, an_invoice(lines=[(1, 10, "4.50")])))
    assert post.mail(mail_id).status == MailStatus.ACTED
    assert post.invoices() == [("22914", "draft")]
    assert str(post.world.newest("invoice").content.net) == "45"


def test_b15_a_confirmation_whose_sender_is_not_proved_confirms_nothing_before_the_link(post: Post) -> None:
    """As with the words "we confirm the order"."""
    order = post.world.newest("order")
    items = [Item(line.n, line.text, line.quantity, line.unit_price) for line in order.content.lines]
    paper = confirmation_file("AB-7", items, "PO-1")
    post.send(ANA, post.address("order-sent", ANA), "See attached.", (paper.name, paper.content), proof="fail")
    assert post.world.newest("order").status == "sent"
    press(post, post.notice("confirm-sender", ANA))
    assert post.world.newest("order").status == "acknowledged"


def test_b46_files_are_kept_with_their_kind(post: Post) -> None:
    """A delivery note, and a picture that is no document."""
    note = delivery_note_file("LS-78", ORDERED, "PO-1")
    files = ((note.name, note.content), ("gate.pdf", b"no document"))
    post.send(ANA, post.address("order-sent", ANA), "On its way.", *files)
    with post.installation.database.read() as session:
        kept = session.execute(select(Attachment.name, Attachment.kind).order_by(Attachment.id)).all()
    assert [tuple(row) for row in kept] == [("delivery-note-LS-78.pdf", "delivery_note"), ("gate.pdf", None)]


def test_b46_a_reminder_to_the_mailbox_is_answered_and_waits_for_nobody(post: Post) -> None:
    """It is about no document of a thread, and all the same about invoices, also without the letters before them."""
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice("INV-7")))
    sheet = an_xlsx([["Payment reminder"], [], ["Invoice", "Date", "Amount", "Open"], *LISTED])
    post.send(ANA, MAILBOX, "", ("reminder.xlsx", sheet), subject="Reminder")
    told = post.notice("answer", ANA).facts["answer"]["heard"]
    assert [(one["words"], one["action"]) for one in told] == [
        ("reminder.xlsx", "read_reminder"),
        ("INV-7", "invoice"),
        ("INV-8", "invoice"),
        ("GS-7", "invoice"),
    ]
    assert "“GS-7” → Invoice: Not received" in post.text("answer", ANA)
    assert "“INV-7” → Invoice: Draft, not yet confirmed" in post.text("answer", ANA)
    assert "“INV-8” → Invoice: Not received" in post.text("answer", ANA)
    assert post.invoices() == [("INV-7", "draft")]


def test_b46_a_reminder_from_an_unknown_sender_tells_them_no_status(post: Post) -> None:
    """Who holds the reply address may write to it; the answer goes to Ana, when she says that it is hers."""
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice("INV-7")))
    sheet = an_xlsx([["Payment reminder"], [], ["Invoice", "Date", "Amount", "Open"], *LISTED])
    post.send("tax@office.example", post.address("order-sent", ANA), "", ("reminder.xlsx", sheet))
    assert post.names("tax@office.example") == []
    press(post, post.notice("confirm-sender", ANA))
    assert "“INV-7” → Invoice: Draft" in post.text("answer", ANA)


def test_b35_an_invoice_has_the_moment_when_its_mail_came_in(post: Post) -> None:
    """Not when somebody let the mail in, or confirmed the draft."""
    came = clock.now() - timedelta(days=3)
    mail_id = post.hand_in(
        a_mail(ANA, post.address("order-sent", ANA), "", [(XML, an_invoice())]), post.address("order-sent", ANA)
    )
    with post.installation.database.write() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(received_at=came))
    route(post.installation, mail_id)
    assert post.world.newest("invoice").content.received_at == came
    assert "Received: " in post.text("answer", ANA)


def test_b10_invoices_in_a_zip_are_drafts_like_any_other(post: Post) -> None:
    """Opened one level; what cannot be opened is told, and why."""
    files = (("a.xml", an_invoice("1")), ("b.xml", an_invoice("2")))
    post.send(ANA, post.address("order-sent", ANA), "See attached.", ("papers.zip", a_zip(*files)))
    assert post.invoices() == [("1", "draft"), ("2", "draft")]
    post.send(ANA, post.address("order-sent", ANA), "", ("papers.zip", locked(a_zip(("a.xml", an_invoice("3"))))))
    assert "could not read it; nothing was made of it. The file is locked with a password." in post.text("answer", ANA)


def test_b46_a_delivery_note_to_the_mailbox_finds_its_order(post: Post) -> None:
    """Nothing but the number in the file leads there; the words of the mail come along, and nobody must look."""
    note = delivery_note_file("LS-78", ORDERED, "PO-1")
    post.send(ANA, MAILBOX, "On its way.", (note.name, note.content), subject="Dispatch")
    assert "Delivery note: Kept with PO-1; nothing else was made of it." in post.text("answer", ANA)
    assert post.said() == [("note", "Ana Adler", "On its way.")]


def test_b46_a_delivery_note_that_names_no_order_of_ours_waits_for_somebody(post: Post) -> None:
    """The answer says that nothing was made of it."""
    note = delivery_note_file("LS-79", ORDERED, "PO-9999")
    post.send(ANA, MAILBOX, "", (note.name, note.content), subject="Dispatch")
    assert "is no invoice; we kept it and made nothing of it" in post.text("answer", ANA)
    assert post.said() == []


@pytest.mark.parametrize("kind", ["325"])
def test_b46_what_is_no_invoice_creates_nothing_and_is_told(post: Post, kind: str) -> None:
    """It is kept with the order, and the answer says what is still awaited."""
    post.send(ANA, post.address("order-sent", ANA), "", (XML, an_invoice(kind=kind)))
    assert post.invoices() == []
    assert "Pro forma invoice: Kept with PO-1. It asks for no payment here" in post.text("answer", ANA)


@pytest.mark.parametrize("words", ["Reminder\nInvoice 22914 of 20.11.2026 is overdue.", "Statement of account"])
def test_b46_a_reminder_and_a_statement_create_nothing(post: Post, words: str) -> None:
    """Printed by an accounting program."""
    import typst

    text = "\n\n".join([*words.split("\n"), "Invoice 22914  165.60 EUR", "Total due 165.60 EUR"])
    pdf = typst.compile(f'#set page(paper: "a4")\n{text}'.encode())
    post.send(ANA, post.address("order-sent", ANA), "", ("paper.pdf", pdf))
    assert post.invoices() == []


def test_an_unreadable_pdf_is_filed_and_told_and_nothing_is_guessed(post: Post) -> None:
    """The file lies with the order; the answer names it."""
    post.send(
        ANA, post.address("order-sent", ANA), "Our invoice 4711 over 100 EUR.", ("scan.pdf", b"%PDF-1.7\ngarbage")
    )
    assert post.invoices() == []
    assert "scan.pdf" in post.text("answer", ANA)
    with post.installation.database.read() as session:
        assert session.scalars(select(Attachment.name)).all() == ["scan.pdf"]


def test_a_confirm_beside_an_unreadable_file_is_held_back(post: Post) -> None:
    """Perhaps the file says otherwise; the draft waits for one more word."""
    post.send(ANA, a_draft(post), "confirm", ("scan.pdf", b"%PDF-1.7\ngarbage"))
    assert post.invoices() == [("22914", "draft")]
    assert "We have not done this yet" in post.text("answer", ANA)


def test_a_pdf_that_a_mail_program_calls_inline_is_kept(post: Post) -> None:
    """As some send every attachment."""
    source = a_mail(ANA, post.address("order-sent", ANA), "Our invoice.", [(XML, an_invoice())])
    post.take(
        source.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline"),
        post.address("order-sent", ANA),
    )
    assert post.invoices() == [("22914", "draft")]
    with post.installation.database.read() as session:
        assert session.scalars(select(Attachment.name)).all() == [XML]


# --- steps -------------------------------------------------------------------------------------------------------


def test_a_mail_about_a_final_document_is_answered_with_what_it_is(post: Post) -> None:
    """The invoice was approved; it can no longer be withdrawn, or edited."""
    post.send(OWNER, a_pending(post), "approve")
    post.send(ANA, post.address("invoice-approved", ANA), "withdraw")
    assert post.invoices() == [("22914", "approved")]
    text = post.text("answer", ANA)
    assert "22914 is Approved since" in text
    assert "status:" not in text


def test_a_figure_that_no_order_can_have_is_answered(post: Post) -> None:
    """Too many digits for the store, and for the arithmetic."""
    draft = a_draft(post)
    for figure in ("9" * 14, "9" * 40):
        mail_id = post.send(ANA, draft, f"1: 8 x {figure}")
        assert post.mail(mail_id).status == MailStatus.ACTED
    assert str(post.world.newest("invoice").content.net) == "155"


def test_a_second_mail_for_a_moved_document_is_told_so(post: Post) -> None:
    """Approving what was seen before the revision is refused."""
    request = a_pending(post)
    post.send(OWNER, request, "revise: wrong date")
    post.send(ANA, post.address("invoice-action-needed", ANA), "confirm")
    post.send(OWNER, request, "approve")
    assert post.invoices() == [("22914", "pending")]
    assert "has changed since you saw it" in post.text("answer", OWNER)


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cc", [COLLEAGUE, "boss@acme.example"])
def test_f52_copies_to_ones_own_people_alone_make_a_comment(post: Post, cc: str) -> None:
    """A colleague who has no account here is known by the mail domain of the company."""
    post.send(ANA, post.address("order-sent", ANA), "Is gate 3 open?")
    post.send(OWNER, post.address("note", OWNER), "They are late again.", cc=cc)
    assert ("comment", "Olga Owner", "They are late again.") in post.said()
    assert "note" not in post.names(ANA)


def test_f52_a_link_of_the_approval_request_quoted_to_the_mailbox_stays_inside(post: Post) -> None:
    """Found by the link alone, the words are for those who were asked."""
    a_pending(post)
    url = f"https://po.example.com{post.world.link(OWNER, 'approve')}"
    post.send(OWNER, MAILBOX, f"They are too dear.\n\n> Approve: {url}", subject="what do you think")
    assert not [said for said in post.said() if said[0] == "note" and "too dear" in said[2]]
    assert "note" not in post.names(ANA)


def test_f52_the_own_internal_address_in_copy_keeps_words_inside_whoever_comes_first(post: Post) -> None:
    """Olga answers all on a mail that Ana sent to her and to Ana's own reply address, with the internal one in copy."""
    internal = a_pending(post)
    shared = post.address("order-sent", ANA)
    for to in ((shared, internal), (internal, shared), (post.address("answer", ANA), internal)):
        post.send(OWNER, to, f"They are too dear {to[0]}.", cc=ANA)
    assert not [said for said in post.said() if said[0] == "note" and "too dear" in said[2]]
    assert "note" not in post.names(ANA)


def test_f52_a_strangers_words_to_an_internal_address_stay_inside(post: Post) -> None:
    """The approval request was forwarded to somebody outside, who answers."""
    post.send("adviser@law.example", a_pending(post), "The quantities look odd to me.", cc="partner@law.example")
    assert post.said()[-1] == ("comment", "<adviser@law.example>", "The quantities look odd to me.")
    assert "note" not in post.names(ANA)


@pytest.mark.parametrize(
    "headers",
    [
        {"From": b"=?utf-8?q?Ana=0D=0ABcc:_x@evil.example?= <ana@ferrum.example>"},
        {"From": b"\xed\xb2\x80\xff Ana <ana@ferrum.example>"},
        {"From": b"A\x00na <ana@ferrum.example>"},
        {"Subject": b"=?utf-8?b?UmU6IG9yZGVyDQpCY2M6IHhAZXZpbC5leGFtcGxl?="},
        {"Message-ID": b"<a\x00b\r\n Bcc: x@evil.example>"},
        {"From": b"x" * 200 + b"@ferrum.example"},
        {"From": b'"' + b"y@" * 100 + b'"@ferrum.example'},
        {"From": b"Ana <ana@ferrum.example>, Olga <olga@acme.example>"},
        {"From": b""},
        {"From": b"<>"},
        {"To": b"undisclosed-recipients:;"},
        {"Date": b"Sat, 99 Foo 99999 99:99:99 +9999"},
        {"Content-Type": b"text/plain; charset=\xff\x00evil"},
        {"Content-Type": b"multipart/mixed"},
        {"References": b"<x@y> " * 5000},
    ],
)
@pytest.mark.parametrize("text", ["status", "2: 8 x\x00 11.50\nHello \ud800 there", ""])
def test_odd_headers_and_texts_are_answered_or_filed(post: Post, headers: dict[str, bytes], text: str) -> None:
    """NUL, lone surrogates, line breaks in names, long local parts: never a traceback, never another header."""
    to = post.address("order-sent", ANA)
    fields = {"From": b"Ana <ana@ferrum.example>", "To": to.encode(), "Subject": b"Re: order"} | headers
    head = b"".join(b"%s: %s\r\n" % (name.encode(), value) for name, value in fields.items())
    before = post.count()
    mail_id = post.take(head + b"\r\n" + text.encode("utf-8", "surrogatepass"), to)
    assert post.mail(mail_id).status == MailStatus.ACTED, post.mail(mail_id).reason
    for name, address in post.world.notices()[before:]:
        letter = post.letter(name, address)
        assert letter.header("bcc") == ""
        assert "\x00" not in letter.text


def test_a_mail_without_any_text_is_filed(post: Post) -> None:
    """Nothing said, nothing done."""
    before = (post.count(), post.events())
    mail_id = post.send(ANA, post.address("order-sent", ANA), None)
    assert post.mail(mail_id).status == MailStatus.ACTED
    assert (post.count(), post.events()) == before


@pytest.mark.parametrize(
    "name",
    [
        "utf-8''..%2F..%2Fetc%2Fpasswd%0D%0ABcc%3A%20x%40evil.example",
        "utf-8''" + "a" * 3000 + ".xml",
        "utf-8''%00%FF%ED%B2%80.xml",
        "utf-8''%3Cscript%3Ealert(1)%3C%2Fscript%3E.xml",
        "utf-8''",
    ],
)
def test_odd_file_names_are_kept_and_told_without_harm(post: Post, name: str) -> None:
    """Paths, line breaks, three thousand letters, markup: the notice can be composed and carries no other header."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, "Two papers.", [("NAME", b"<plan/>"), (XML, an_invoice())])
    mail_id = post.take(source.replace(b'filename="NAME"', b"filename*=" + name.encode()), to)
    assert post.mail(mail_id).status == MailStatus.ACTED, post.mail(mail_id).reason
    for notice, address in (("note", OWNER), ("answer", ANA)):
        letter = post.letter(notice, address)
        assert letter.header("bcc") == ""
        assert "<script>" not in letter.html
        assert not any("/" in file.name or len(file.name) > 255 for file in letter.attachments)


def test_f30_the_status_of_the_document_that_is_named_is_told(post: Post) -> None:
    """Asked in the order's thread for the invoice; another supplier's number is nobody's here."""
    a_pending(post)
    order = post.address("order-sent", ANA)
    post.send(ANA, order, "status 22914")
    assert "Waiting for approval" in post.text("answer", ANA)
    post.send(ANA, order, "status")
    text = post.text("answer", ANA)
    assert "“PO-1” → Purchase order: Sent" in text
    assert "“22914” → Invoice: Waiting for approval" in text


def test_f30_the_status_of_anothers_document_is_not_told(post: Post) -> None:
    """Ben asks in his own thread for Ana's invoice."""
    a_pending(post)
    his = post.world.order("PO-9", supplier="Boltwerk AG")
    post.send(BEN, post.address("order-sent", BEN, his), "status 22914")
    text = post.text("answer", BEN)
    assert "There is no document 22914 here." in text
    assert "Waiting for approval" not in text


def test_a_mail_to_two_companies_is_answered_by_each_with_its_own(post: Post) -> None:
    """Nothing of one is told to the other."""
    from tests.inbound.web.world import World
    from workflows import intake

    new = intake.NewCompany("Elsewhere", "buy@else.example", "po.example.com", "Eve", "eve@else.example")
    other = World(post.installation, intake.add_company(post.installation, new))
    intake.invite_supplier(post.installation, other.company_id, by="eve@else.example", name="Ferrum", address=ANA)
    theirs = post.notice("invitation", ANA)
    assert theirs.company_id == other.company_id
    both = (post.address("order-sent", ANA), post.address("invitation", ANA))
    post.send(ANA, both, "Please write our new street on the papers: Mill Lane 5.")
    with post.installation.database.read() as session:
        notes = session.execute(select(Notice.company_id, Notice.to_address).where(Notice.name == "note")).all()
    assert sorted(map(tuple, notes)) == sorted([(post.world.company_id, OWNER), (other.company_id, "eve@else.example")])


def test_a_mail_of_html_alone_is_understood(post: Post) -> None:
    """As some programs send it; the script in it is no word of anybody's."""
    to = post.address("order-sent", ANA)
    head = f"From: {ANA}\r\nTo: {to}\r\nSubject: Re\r\nMessage-ID: <h@x>\r\nContent-Type: text/html\r\n"
    proof = "Authentication-Results: mx.example.com; dmarc=pass header.from=ferrum.example\r\n"
    post.take((proof + head + "\r\n<p>we confirm the order</p><script>refuse()</script>").encode(), to)
    assert post.world.newest("order").status == "acknowledged"


def test_one_mail_with_a_step_and_something_unclear_is_held_back_whole(post: Post) -> None:
    """A confirm beside a line that is not there: asked, with the draft as it stands."""
    post.send(ANA, a_draft(post), "confirm\n7: 3 x 4.00")
    assert post.invoices() == [("22914", "draft")]
    assert "questions" in post.notice("answer", ANA).facts["answer"]


# --- failures and order ------------------------------------------------------------------------------------------


def poisoned(_attachment: object, _orders: object) -> None:
    raise ZeroDivisionError("the reader fell over")


def test_poison_is_tried_again_then_given_up_with_its_reason_and_the_next_mail_passes(post: Post) -> None:
    """The thread's next mail waits as long as there is hope; the author is told in the end."""
    to = post.address("order-sent", ANA)
    first = post.hand_in(a_mail(ANA, to, "Our invoice.", [(XML, an_invoice())]), to)
    second = post.hand_in(a_mail(ANA, to, "Two more boxes follow."), to)
    for tries in range(1, post.installation.mail_tries):
        route(post.installation, first, poisoned)
        mail = post.mail(first)
        assert (mail.status, mail.tries) == (MailStatus.FAILED, tries)
        assert mail.due > clock.now() + timedelta(seconds=5)
        route(post.installation, second)
        assert post.mail(second).status == MailStatus.KEPT
    route(post.installation, first, poisoned)
    assert post.mail(first).status == MailStatus.QUARANTINED
    assert post.mail(first).reason == "ZeroDivisionError: the reader fell over"
    assert post.names(ANA).count("mail-failed") == 1
    assert "Nothing was done" in post.text("mail-failed", ANA)
    route(post.installation, second)
    assert post.mail(second).status == MailStatus.ACTED
    assert post.said() == [("note", "Ana Adler", "Two more boxes follow.")]
    route(post.installation, first)
    assert post.invoices() == []


def test_a_mail_of_files_that_take_too_long_does_not_keep_others_waiting(post: Post) -> None:
    """After a few of them the rest is kept and told as unread."""
    asked: list[str] = []

    def slow(attachment: File, _orders: Sequence[str]) -> Reading:
        asked.append(attachment.sha256)
        return Reading(format=DocumentFormat.IMAGE, defects=(Defect("timeout", "Reading the picture took too long."),))

    to = post.address("order-sent", ANA)
    files = [(f"{n}.xml", b"<a>%d</a>" % n) for n in range(30)]
    route(post.installation, post.hand_in(a_mail(ANA, to, "Our papers.", files), to), slow)
    assert len(asked) == 3
    assert "send it in a mail of its own" in post.text("answer", ANA)


def test_a_paper_without_proof_is_not_said_to_be_kept(post: Post) -> None:
    """A delivery note to the mailbox, of a sender who was let in once and proves nothing now."""
    supplier_id = post.world.newest("order").supplier_id
    with post.installation.database.write() as session:
        values = {"address": "kim@else.example", "supplier_id": supplier_id, "person_id": 1, "created_at": clock.now()}
        session.execute(insert(KnownSender).values(company_id=post.world.company_id, **values))

    def read(_file: File, _orders: Sequence[str]) -> Reading:
        return Reading(DocumentKind.DELIVERY_NOTE, number="D-1", orders=("PO-1",))

    mail = a_mail("kim@else.example", MAILBOX, "It is on its way.", [(XML, b"<a/>")], proof="")
    route(post.installation, post.hand_in(mail, MAILBOX), read)
    told = post.text("answer", "kim@else.example")
    assert "We cannot be sure who wrote this." in told
    assert "Kept with" not in told
    with post.installation.database.read() as session:
        assert session.scalars(select(Attachment.id)).all() == []


def test_a_failure_leaves_nothing_half_done(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The draft is made, then the answer fails: neither stands, and the second try does both."""
    to = post.address("order-sent", ANA)
    before = (post.count(), post.events())
    with monkeypatch.context() as broken:
        broken.setattr("inbound.acting.send_answer", lambda *_: 1 / 0)
        mail_id = post.send(ANA, to, "Our invoice.", (XML, an_invoice()))
    assert post.mail(mail_id).status == MailStatus.FAILED
    assert (post.count(), post.events()) == before
    route(post.installation, mail_id)
    assert post.invoices() == [("22914", "draft")]
    assert post.names(ANA).count("answer") == 1


@pytest.mark.parametrize("to_mailbox", [False, True])
def test_mails_of_one_thread_act_in_the_order_in_which_they_were_kept(post: Post, to_mailbox: bool) -> None:
    """The later one waits for the earlier, though a worker takes it first; in one mailbox the sender tells."""
    to = MAILBOX if to_mailbox else post.address("order-sent", ANA)
    first = post.hand_in(a_mail(ANA, to, "First.", subject="PO-1"), to, sender=ANA)
    second = post.hand_in(a_mail(ANA, to, "Second.", subject="PO-1"), to, sender=ANA)
    route(post.installation, second)
    assert post.said() == []
    route(post.installation, first)
    route(post.installation, second)
    assert [text for _, _, text in post.said()] == ["First.", "Second."]


def test_a_mail_of_another_thread_does_not_wait(post: Post) -> None:
    """Only the same document's mails hold each other up."""
    first = post.address("order-sent", ANA)
    other_order = post.world.order("PO-2")
    post.hand_in(a_mail(ANA, first, "First."), first, sender=ANA)
    post.send(ANA, post.address("order-sent", ANA, other_order), "Other.")
    assert [text for _, _, text in post.said()] == ["Other."]


def test_a_mail_that_comes_again_to_the_same_people_does_nothing(post: Post) -> None:
    """By another hop, after it acted."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, "Hello there, a question.")
    post.take(source, to)
    before = post.world.rows()
    post.take(b"Received: from x by y\r\n" + source, to)
    assert post.world.rows() == before


def test_b10_two_invoices_in_one_file_become_two_drafts(post: Post) -> None:
    """Each document of a PDF is one of its own; a reminder among them makes nothing."""
    from tests.inbound.documents.pdfs import GERMAN, a_pdf

    page = GERMAN.replace("{tax}", "240,35").replace("{sign}", "").split("\n", 3)[3]
    titles = (("Rechnung", "R-1001"), ("Rechnung", "R-1002"), ("Mahnung", "M-1"))
    parts = [page.replace("{title}", title).replace("R-1001", number) for title, number in titles]
    post.send(ANA, post.address("order-sent", ANA), "", ("all.pdf", a_pdf("\n#pagebreak()\n".join(parts))))
    assert post.invoices() == [("R-1001", "draft"), ("R-1002", "draft")]
