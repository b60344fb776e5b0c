"""A bounce names the addresses that could not be reached."""

import json

import pytest

from inbound.bounces import Bounce, bounces_of
from inbound.kind import Kind, kind_of
from inbound.letter import read_letter
from tests.inbound.letters import a_mail, a_mixed_mail, a_text


def a_report(*blocks: tuple[str, ...]) -> bytes:
    """Return a delivery report with one block of fields for each recipient and the headers of the returned mail."""
    lines = ["Reporting-MTA: dns; mx.buyer.example"]
    for block in blocks:
        lines += ("", *block)
    return a_mixed_mail(
        a_text("Your mail could not be delivered."),
        ("Content-Type: message/delivery-status", "", *lines, ""),
        ("Content-Type: text/rfc822-headers", "", "Message-ID: <n1@buyer.example>", "Subject: Order 17"),
        kind="report",
    )


def test_a_report_is_taken_at_its_word() -> None:
    """Recipient, status and permanence come from the report, delivered recipients are left out."""
    letter = read_letter(
        a_report(
            ("Final-Recipient: rfc822; a@x.example", "Action: failed", "Status: 5.1.1"),
            ("Final-Recipient: rfc822; b@x.example", "Action: delayed", "Status: 4.4.1"),
            ("Final-Recipient: rfc822; c@x.example", "Action: delivered", "Status: 2.0.0"),
        )
    )
    assert bounces_of(letter) == (
        Bounce("a@x.example", "5.1.1", True, "n1@buyer.example"),
        Bounce("b@x.example", "4.4.1", False, "n1@buyer.example"),
    )


def test_a_vague_status_gives_way_to_the_diagnostic() -> None:
    """What the other server said is more than 5.0.0."""
    block = (
        "Final-Recipient: rfc822; a@x.example",
        "Action: failed",
        "Status: 5.0.0",
        "Diagnostic-Code: smtp; 552 5.2.2 full",
    )
    assert bounces_of(read_letter(a_report(block)))[0].status == "5.2.2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Message to <a@x.example> failed: 550 5.1.1 unknown user", ("a@x.example", "5.1.1", True)),
        ("We could not reach a@x.example yet.\nWARNING ONLY, it will be retried.", ("a@x.example", None, False)),
        ("No such user.\n\nOriginal message:\nTo: a@x.example\nSubject: x", ("a@x.example", None, True)),
    ],
)
def test_prose_is_read_where_there_is_no_report(text: str, expected: tuple[str, str | None, bool]) -> None:
    """Old mail systems tell in words whom they did not reach."""
    headers = ("From: MAILER-DAEMON@mx.example", "Subject: mail failed", "Return-Path: <>")
    found = bounces_of(read_letter(a_mail(*text.split("\n"), headers=headers)))
    assert [(bounce.recipient, bounce.status, bounce.permanent) for bounce in found] == [expected]


def test_an_event_of_a_sending_service_is_read() -> None:
    """Amazon SES mails its bounces as JSON through SNS; the event's recipients and codes are taken."""
    event = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "a@x.example", "diagnosticCode": "smtp; 550 5.1.1 gone"}],
        },
        "mail": {"commonHeaders": {"messageId": "<n1@buyer.example>"}},
    }
    for body in (event, {"Type": "Notification", "Message": json.dumps(event)}):
        letter = read_letter(a_mail(json.dumps(body), "", "--", "To stop, click here."))
        assert bounces_of(letter) == (Bounce("a@x.example", "5.1.1", True, "n1@buyer.example"),)
        assert kind_of(letter)[0] == Kind.BOUNCE


def test_a_list_that_lets_nobody_in_is_a_bounce() -> None:
    """A list's software refuses mails of those who are not on the list."""
    headers = ("From: parts-owner@x.example", "List-Id: <parts.x.example>", "Subject: Your mail to parts")
    letter = read_letter(a_mail("Only members may post to <parts@x.example>.", headers=headers))
    assert kind_of(letter)[0] == Kind.BOUNCE
    assert [bounce.recipient for bounce in bounces_of(letter)] == ["parts@x.example"]


def test_a_masked_address_and_a_list_are_no_recipients() -> None:
    """Addresses with their letters taken out, and the list that the returned mail went to, name nobody."""
    block = ("Final-Recipient: rfc822; joh...@x.example", "Action: failed", "Status: 5.1.1")
    assert bounces_of(read_letter(a_report(block))) == ()
    headers = ("From: MAILER-DAEMON@x.example", "To: parts-bounces@buyer.example", "Return-Path: <>")
    text = ("Nobody of that name.", "", "Original message:", "To: parts@buyer.example", "Subject: x")
    assert bounces_of(read_letter(a_mail(*text, headers=headers))) == ()


@pytest.mark.parametrize("line", ["", " ", ">", "to:", "550 ", "<a@", "message-id:"])
@pytest.mark.timeout(20)
def test_long_bounces_are_read_in_little_time(line: str) -> None:
    """Neither our patterns nor those of the detectors cost the square of a text's length."""
    headers = ("From: MAILER-DAEMON@x.example", "Return-Path: <>")
    letter = read_letter(a_mail(*[line] * 60_000, headers=headers))
    bounces_of(letter)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Unzustellbar: Bestellung 17", "Fehler bei der Nachrichtenzustellung an folgende Empfänger:"),
        ("Non remis : Commande 17", "Échec de la remise à ces destinataires ou groupes :"),
        ("No se puede entregar: Pedido 17", "No se pudo entregar el mensaje a los siguientes destinatarios:"),
        ("Non recapitabile: Ordine 17", "Recapito non riuscito per i seguenti destinatari:"),
        ("Kan niet worden bezorgd: Order 17", "Bezorging aan de volgende geadresseerden is mislukt:"),
        ("Niedostarczone: Zamówienie 17", "Dostarczenie do następujących adresatów lub grup nie powiodło się:"),
        ("Не доставлено: Замовлення 17", "Не вдалося доставити повідомлення таким одержувачам:"),
    ],
)
def test_exchange_speaks_the_language_of_its_users(subject: str, text: str) -> None:
    """Its notices come without a report when a gateway rewrote them."""
    headers = ("From: postmaster@x.example", f"Subject: {subject}", "To: n@buyer.example")
    letter = read_letter(a_mail(text, "", "bo@x.example", "550 5.1.1 not found", headers=headers))
    assert kind_of(letter)[0] == Kind.BOUNCE
    assert bounces_of(letter) == (Bounce("bo@x.example", "5.1.1", True),)
