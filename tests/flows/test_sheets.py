"""Sheets by mail: ours come back as ODS, CSV or sorted about, and suppliers send their own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from postroom.mailbox.mail import File, Mail
from store import clock
from store.journal import Notice
from tests.flows.conftest import Play
from tests.sheets import Sheet, an_xlsx
from workflows.lines import Line
from workflows.requests import RequestForProposal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _request() -> RequestForProposal:
    lines = [
        Line(1, "Rim 622-19, silver", Decimal(100), "C62"),
        Line(2, "Rim tape", Decimal(200), "C62"),
        Line(3, "Truing stand", Decimal(1), "C62"),
    ]
    return RequestForProposal("RFP-77", "Wheels for spring", "EUR", lines, clock.now() + timedelta(days=14))


def _sheet(mail: Mail, ending: str = ".xlsx") -> Sheet:
    """Our sheet out of a mail, opened."""
    return Sheet(next(file.content for file in mail.letter.attachments if file.name.endswith(ending)))


def _order_sheet(mail: Mail) -> Sheet:
    files = [f for f in mail.letter.attachments if f.name.endswith(".xlsx") and "invoice" not in f.name]
    return Sheet(files[0].content)


def _told(play: Play, *notices: str) -> bool:
    """Whether the customer got one of these notices."""
    with play.installation.database.read(play.company_id) as session:
        return bool(session.scalar(select(func.count(Notice.id)).where(Notice.name.in_(notices))))


def _text(mail: Mail) -> str:
    return " ".join(mail.letter.text.split())


def test_b5_a_quote_sheet_that_comes_back_sorted_is_the_proposal(play: Play) -> None:
    """Prices, no bid and the delivery date are read by line ids; confirm submits them."""
    asked = play.asked(_request())
    sheet = _sheet(asked).fill(1, "answer_price", 12.5).fill(2, "answer_no_bid", "x").fill(3, "answer_price", 240)
    sheet.answer("date", date(2026, 12, 12)).answer("note", "Prices hold for 30 days.")
    filled = sheet.shuffle_rows(7).move_columns(8).xlsx()
    play.ana.reply(asked, "Our prices are in the sheet.", [File("prices.xlsx", XLSX, filled)])
    draft = play.ana.wait(notice="answer")
    text = _text(draft)
    for words in ("1. Rim 622-19, silver · unit price 12.50 EUR", "240.00 EUR", "no bid", "December 12, 2026"):
        assert words in text
    play.ana.reply(draft, "confirm")
    submitted = play.olga.wait(notice="proposal-submitted")
    assert "240.00" in submitted.letter.text
    assert "Prices hold for 30 days." in play.olga.wait(notice="note").letter.text


def test_b5_an_order_sheet_with_a_price_changed_is_a_counter_proposal(play: Play) -> None:
    """The read-back tells the cell, what was ordered and what is proposed; the customer gets the proposal."""
    mail = play.ordered()
    sheet = _order_sheet(mail).fill(2, "answer_price", 10.25).answer("answer", "We propose changes")
    play.ana.reply(mail, "See the sheet.", [File("PO-2041.ods", "application/octet-stream", sheet.ods())])
    text = _text(play.ana.wait(notice="answer"))
    assert "unit price 10.25 EUR (ordered:" in text
    assert "10.25" in play.olga.wait(notice="order-countered").letter.text


def test_b5_an_order_sheet_that_confirms_acknowledges_the_order(play: Play) -> None:
    """Saved as CSV with decimal commas: nothing differs, and the answer chosen says so."""
    mail = play.ordered()
    saved = _order_sheet(mail).answer("answer", "We confirm the order").csv(encoding="cp1252")
    play.ana.reply(mail, "", [File("PO-2041.csv", "text/csv", saved)])
    assert "PO-2041" in play.olga.wait(notice="order-acknowledged").letter.text


def test_b5_an_invoice_sheet_that_comes_back_is_an_invoice(play: Play) -> None:
    """Line ids pair it with the order: a smaller quantity, a number, and the totals that arithmetic makes."""
    mail = play.ordered()
    sheet = _sheet(mail, "-invoice.xlsx").answer("number", 22914.0).fill(1, "answer_quantity", 10)
    sheet.delete(3)
    play.ana.reply(mail, "Our invoice.", [File("invoice.xlsx", XLSX, sheet.xlsx())])
    draft = play.ana.wait(notice="answer", text="22914")
    text = _text(draft)
    assert "quantity 10 (ordered:" in text
    play.ana.reply(draft, "confirm")
    play.ana.wait(notice="answer")
    assert "22914" in play.olga.wait(notice="invoice-to-approve").letter.text


def test_b5_a_suppliers_own_sheet_is_read_as_its_invoice(play: Play) -> None:
    """Headings in German, the totals under the lines, the order named above them."""
    rows = [
        ["Rechnung"],
        [],
        ["Rechnungsnummer", "R-4711"],
        ["Rechnungsdatum", date(2026, 11, 20)],
        ["Ihre Bestellung", "PO-2041"],
        ["Währung", "EUR"],
        [],
        ["Pos", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Betrag", "MwSt. %"],
        [1, "Steel hub 32 holes", 40, "Stk", 11.5, 460, 20],
        [],
        ["", "Nettobetrag", "", "", "", 460],
        ["", "MwSt. 20 %", "", "", "", 92],
        ["", "Rechnungsbetrag", "", "", "", 552],
    ]
    play.ana.reply(play.ordered(), "Our invoice.", [File("Rechnung.xlsx", XLSX, an_xlsx(rows))])
    text = _text(play.ana.wait(notice="answer", text="R-4711"))
    assert "PO-2041" in text
    assert "552.00 EUR" in text
    assert "460.00 EUR" in text


def test_b5_a_cell_that_is_not_clear_is_asked_about_by_its_name(play: Play) -> None:
    """What can be read in two ways is no price, and nothing is proposed meanwhile in its place."""
    mail = play.ordered()
    sheet = _order_sheet(mail).fill(1, "answer_price", "on request").answer("answer", "We confirm the order")
    play.ana.reply(mail, "", [File("PO-2041.xlsx", XLSX, sheet.xlsx())])
    asked = play.ana.wait(notice="answer")
    assert "What do you mean by “on request” in cell" in _text(asked)
    play.settled()
    assert not _told(play, "order-acknowledged")


def test_b5_our_files_carried_back_untouched_ask_for_nothing(play: Play) -> None:
    """Mail programs send attachments back; the words of the mail count alone."""
    mail = play.ordered()
    ours = [File(f.name, XLSX, f.content) for f in mail.letter.attachments if f.name.endswith(".xlsx")]
    play.ana.reply(mail, "We confirm the order.", ours)
    assert "PO-2041" in play.olga.wait(notice="order-acknowledged").letter.text
    assert "Nothing is filled in" not in play.ana.wait(notice="answer").letter.text


def test_b5_a_mail_that_says_other_than_its_sheet_is_asked(play: Play) -> None:
    """Words that confirm beside cells that change a price: neither is done."""
    mail = play.ordered()
    sheet = _order_sheet(mail).fill(2, "answer_price", 10.25)
    play.ana.reply(mail, "We confirm the order.", [File("PO-2041.xlsx", XLSX, sheet.xlsx())])
    assert "say different things" in _text(play.ana.wait(notice="answer"))
    play.settled()
    assert not _told(play, "order-acknowledged", "order-countered")


def test_b5_a_sheet_with_macros_is_refused_with_words(play: Play) -> None:
    """It is kept, nothing is made of it, and its sender is told why."""
    mail = play.ordered()

    def with_macros(book: object, pages: object) -> None:
        import io

        book.add_vba_project(io.BytesIO(b"x" * 100), is_stream=True)  # type: ignore[attr-defined]

    play.ana.reply(mail, "", [File("order.xlsm", XLSX, an_xlsx([["Invoice"]], change=with_macros))])
    assert "macros" in _text(play.ana.wait(notice="answer"))
