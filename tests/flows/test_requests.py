"""A request for proposal by mail: answered by typing, read back, submitted, told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from postroom.mailbox.mail import File, Mail
from store import clock
from tests.flows.conftest import Play
from workflows.lines import Line
from workflows.requests import RequestForProposal


def _request() -> RequestForProposal:
    lines = [
        Line(1, "Rim 622-19, silver", Decimal(100), "C62"),
        Line(2, "Rim tape", Decimal(200), "C62"),
        Line(3, "Truing stand", Decimal(1), "C62"),
    ]
    return RequestForProposal("RFP-77", "Wheels for spring", "EUR", lines, clock.now() + timedelta(days=14))


def _sheet(number: str) -> File:
    """A data sheet: a PDF that is no invoice."""
    import typst

    content = typst.compile(f"= Data sheet {number}\nRim width 25 mm, 32 holes, silver.".encode())
    return File(f"sheet-{number}.pdf", "application/pdf", content)


def _quoted(play: Play, words: str = "1: 12.50\n2: no bid\n3: 240.00\ndelivery: 12 December 2026") -> Mail:
    """Ana's read-back after she typed *words* into her reply."""
    play.ana.reply(play.asked(_request()), words)
    return play.ana.wait(notice="answer")


def test_f35_the_supplier_receives_the_request(play: Play) -> None:
    """A notice with the request's number, its title and its deadline."""
    text = play.asked(_request()).letter.text
    assert "RFP-77" in text
    assert "Wheels for spring" in text
    assert "Answer until" in text


def test_f36_the_supplier_declines_the_request_by_reply(play: Play) -> None:
    """The customer is told."""
    play.ana.reply(play.asked(_request()), "decline")
    play.ana.wait(notice="answer")
    assert "RFP-77" in play.olga.wait(notice="proposal-declined").letter.text


def test_f37_the_supplier_submits_a_proposal_by_reply(play: Play) -> None:
    """Prices by reply, then confirm."""
    play.ana.reply(_quoted(play), "confirm")
    text = play.olga.wait(notice="proposal-submitted").letter.text
    assert "12.50" in text
    assert "240.00" in text


def test_f38_documents_go_both_ways(play: Play) -> None:
    """A drawing from the customer, a file from the supplier: each reaches the other."""
    asked = play.asked(_request())
    play.ana.reply(asked, "Our data sheet is attached.", [_sheet("77")])
    note = play.olga.wait(notice="note", text="data sheet")
    assert [file.name for file in note.letter.attachments] == ["sheet-77.pdf"]
    play.olga.reply(note, "Here is the drawing.", [_sheet("78")])
    back = play.ana.wait(notice="note", text="drawing")
    assert [file.name for file in back.letter.attachments] == ["sheet-78.pdf"]


def test_f39_the_request_mail_lists_the_items_to_quote(play: Play) -> None:
    """As a table in the mail, and as a sheet to fill in."""
    mail = play.asked(_request())
    for item in ("Rim 622-19, silver", "Rim tape", "Truing stand"):
        assert item in mail.letter.text
        assert item in mail.letter.html
    assert any(file.name.endswith(".xlsx") for file in mail.letter.attachments)


def test_f41_the_delivery_date_is_saved_on_its_own(play: Play) -> None:
    """A reply with nothing but the date is enough."""
    text = _quoted(play, "delivery: 12 December 2026").letter.text
    assert "Dec 12, 2026" in text or "12 Dec" in text or "December 12" in text


def test_f42_a_price_for_each_item_is_typed(play: Play) -> None:
    """Each typed price stands in the read-back at its item."""
    text = _quoted(play, "1: 12.50\n2: 0.80\n3: 240.00").letter.text
    for price in ("12.50", "0.80", "240.00"):
        assert price in text


def test_f43_single_items_are_rejected(play: Play) -> None:
    """No bid for one item leaves the others."""
    assert "no bid" in _quoted(play, "2: no bid").letter.text


def test_f44_when_all_items_are_rejected_the_proposal_is_rejected_by_itself(play: Play) -> None:
    """The customer is told without a confirm."""
    play.ana.reply(play.asked(_request()), "1: no bid\n2: no bid\n3: no bid")
    assert "RFP-77" in play.olga.wait(notice="proposal-rejected").letter.text


def test_f45_the_read_back_shows_the_form_before_it_is_sent(play: Play) -> None:
    """Everything that was understood, and that nothing is sent yet."""
    text = " ".join(_quoted(play).letter.text.split())
    for words in ("12.50", "no bid", "240.00", "Nothing is sent until you confirm."):
        assert words in text


def test_f46_files_are_attached_to_the_proposal(play: Play) -> None:
    """A file in the answer is with the proposal."""
    play.ana.reply(play.asked(_request()), "1: 12.50", [_sheet("77")])
    draft = play.ana.wait(notice="answer")
    page = play.ana.click(play.ana.link(draft, "open"))
    assert "sheet-77.pdf" in page.text


def test_f47_the_rest_of_the_reply_is_a_note(play: Play) -> None:
    """Words beside the prices reach the customer."""
    play.ana.reply(play.asked(_request()), "1: 12.50\n\nThe rims are drilled for Presta valves.")
    assert "Presta valves" in play.olga.wait(notice="note").letter.text


def test_f48_confirm_submits_and_what_is_missing_is_asked(play: Play) -> None:
    """An item without an answer holds the proposal back; nothing is guessed as no bid."""
    play.ana.reply(_quoted(play, "1: 12.50"), "confirm")
    asked = play.ana.wait(notice="answer")
    assert "2, 3" in asked.letter.text
    play.ana.reply(asked, "2: no bid\n3: 240.00\nconfirm")
    play.olga.wait(notice="proposal-submitted")


def test_f49_reject_dismisses_the_whole_proposal(play: Play) -> None:
    """A draft is given up by one word."""
    play.ana.reply(_quoted(play), "reject")
    assert "RFP-77" in play.olga.wait(notice="proposal-declined").letter.text


def test_b17_an_ambiguous_figure_is_asked_and_never_guessed(play: Play) -> None:
    """1.234 could be one or a thousand."""
    text = _quoted(play, "1: 1.234").letter.text
    assert "1.234" in text
    assert "1,234.00" not in text


def test_b20_the_winner_and_the_others_are_told(play: Play) -> None:
    """The award tells the winner, and whoever was asked as well."""
    play.ana.reply(play.asked(_request(), both=True), "1: 12.50\n2: no bid\n3: 240.00")
    play.ana.reply(play.ana.wait(notice="answer"), "confirm")
    submitted = play.olga.wait(notice="proposal-submitted")
    play.olga.reply(submitted, "award")
    play.ana.wait(notice="proposal-awarded")
    play.tom.wait(notice="proposal-lost")


def test_f42_prices_are_typed_into_the_quoted_table(play: Play) -> None:
    """Who writes the price behind the item in the quote is understood as well."""
    asked = play.asked(_request())
    quote = "\n".join(f"> {line}" for line in asked.letter.text.splitlines())
    typed = quote.replace("Rim 622-19, silver", "Rim 622-19, silver   12.50")
    play.ana.reply(asked, f"Prices below.\n\nOn Tuesday Harbour Bikes wrote:\n{typed}", quote=False)
    assert "12.50" in play.ana.wait(notice="answer").letter.text


def test_f41_a_delivery_day_without_a_year_is_the_next_such_day(play: Play) -> None:
    """The day the mail came settles the year."""
    text = _quoted(play, "delivery: 12 Dec").letter.text
    assert f"December 12, {clock.now().year}" in text or f"December 12, {clock.now().year + 1}" in text
