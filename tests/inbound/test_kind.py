"""Only a person acts; what a machine wrote is told by its headers, its parts, and at last its words."""

import pytest

from inbound.kind import Kind, kind_of
from inbound.letter import read_letter
from tests.inbound.letters import PDF, a_file, a_mail, a_mixed_mail, a_text


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ((), Kind.PERSON),
        (("Auto-Submitted: no",), Kind.PERSON),
        (("X-Auto-Response-Suppress: All",), Kind.PERSON),
        (("Auto-Submitted: auto-replied", "Subject: Re: order"), Kind.AUTO_REPLY),
        (("Auto-Submitted: auto-replied (vacation)", "Subject: Out of office: order"), Kind.OUT_OF_OFFICE),
        (("Subject: Automatic reply: order",), Kind.OUT_OF_OFFICE),
        (("Subject: Abwesenheitsnotiz: Bestellung",), Kind.OUT_OF_OFFICE),
        (("Subject: Réponse automatique : commande",), Kind.OUT_OF_OFFICE),
        (("Subject: Autosvar: order",), Kind.OUT_OF_OFFICE),
        (("Subject: Автоматична відповідь: замовлення",), Kind.OUT_OF_OFFICE),
        (("Subject: Fuori ufficio",), Kind.OUT_OF_OFFICE),
        (("Subject: Out of Office Re: order 17",), Kind.OUT_OF_OFFICE),
        (("Subject: Re: Automatic reply: order 17",), Kind.PERSON),
        (("Subject: Out of office supplies, order 17",), Kind.PERSON),
        (("Subject: Absence of line 3 in order 17",), Kind.PERSON),
        (("Subject: Autoresponder software, 3 licences",), Kind.PERSON),
        (("X-Autoreply: yes",), Kind.AUTO_REPLY),
        (("Precedence: auto_reply",), Kind.AUTO_REPLY),
        (("List-Id: <suppliers.example>",), Kind.LIST),
        (("Content-Type: text/calendar; method=REPLY",), Kind.CALENDAR),
        (("X-Postroom-Notice: order-sent",), Kind.OWN),
        (("Subject: Delivery problem with order 17",), Kind.PERSON),
        (("Subject: Delivery report", "From: postmaster@supplier.example"), Kind.PERSON),
        (("Subject: Automatic door, order 17",), Kind.PERSON),
        (
            ("Subject: Delivery notification: order 17 is on its way", "From: noreply@x.example"),
            Kind.PERSON,
        ),
    ],
)
def test_the_headers_tell_the_kind(headers: tuple[str, ...], kind: Kind) -> None:
    """Each header that machines set is read, and what persons write is not taken for a machine's."""
    found, why = kind_of(read_letter(a_mail("The goods could not be delivered.", headers=headers)))
    assert found is kind
    assert why


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        ("message/feedback-report", Kind.FEEDBACK),
        ("message/disposition-notification", Kind.RECEIPT),
    ],
)
def test_a_report_tells_the_kind(report: str, kind: Kind) -> None:
    """Feedback and receipts are told by their machine-readable part."""
    source = a_mixed_mail(a_text("see below"), (f"Content-Type: {report}", "", "User-Agent: x"), kind="report")
    assert kind_of(read_letter(source))[0] is kind


def test_a_delivery_report_is_a_bounce_or_a_delay() -> None:
    """The action decides whether the address is given up."""
    for action, status, kind in (("failed", "5.1.1", Kind.BOUNCE), ("delayed", "4.4.1", Kind.DELAYED)):
        lines = ("Reporting-MTA: dns; mx.example", "", "Final-Recipient: rfc822; bo@x.example")
        part = ("Content-Type: message/delivery-status", "", *lines, f"Action: {action}", f"Status: {status}", "")
        assert kind_of(read_letter(a_mixed_mail(a_text("sorry"), part, kind="report")))[0] is kind


def test_a_reaction_is_no_answer() -> None:
    """A thumb up from a mail program is told by its part."""
    part = ("Content-Type: text/vnd.google.email-reaction+json", "", '{"emoji": "x", "version": 1}')
    assert kind_of(read_letter(a_mixed_mail(a_text("x"), part, kind="alternative")))[0] is Kind.REACTION


def test_an_invoice_with_a_failing_subject_is_a_persons() -> None:
    """A mail with a file and an answer are never bounces by their words alone."""
    pdf = a_file(PDF, "Content-Type: application/pdf; name=invoice.pdf")
    letter = read_letter(a_mixed_mail(a_text("Your mail could not be delivered, here it is again"), pdf))
    assert kind_of(letter)[0] is Kind.PERSON


def test_a_text_tells_an_absence_from_another_answer() -> None:
    """A subject that only answers leaves it to the text."""
    headers = ("Auto-Submitted: auto-replied", "Subject: Re: order 17")
    assert kind_of(read_letter(a_mail("Ich bin bis 7.12. im Urlaub.", headers=headers)))[0] is Kind.OUT_OF_OFFICE
    assert kind_of(read_letter(a_mail("We received your mail.", headers=headers)))[0] is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Delivery failed for order 17", "We could not deliver the goods. Contact al@x.example."),
        ("Mail delivery of the invoices", "The following address is ours: al@x.example."),
        ("Delivery status notification needed", "Please send one. These recipients: al@x.example"),
        ("Failed delivery", "The carrier says: delivery to the following address failed. Call al@x.example"),
        (
            "Fwd: Undeliverable: Order 17",
            "What?\n\n-----Original Message-----\nNo such user: al@x.example 550 5.1.1",
        ),
        ("Re: Undeliverable: Order 17", "Our mail server was broken, your message was returned. al@x.example"),
        ("Order 17 returned", "The mailbox is full of samples, we returned the mail. al@x.example"),
    ],
)
def test_a_person_who_writes_of_deliveries_stays_a_person(subject: str, text: str) -> None:
    """Words alone make no bounce: a mail server's answer, or its own way to speak, must stand there."""
    letter = read_letter(a_mail(*text.split("\n"), headers=(f"Subject: {subject}",)))
    assert kind_of(letter)[0] is Kind.PERSON
