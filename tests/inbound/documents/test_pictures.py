"""Scans and photographs of documents (B30)."""

from __future__ import annotations

import io
import random
import signal
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from PIL import Image

from inbound.documents import image
from inbound.documents.document import read_document, read_source
from inbound.documents.format import DocumentUnreadable, Source
from inbound.documents.pictures import opened, tesseract
from inbound.documents.pictures.cleaned import cleaned
from inbound.documents.pictures.reading import _doubted, _filled
from inbound.documents.pictures.seeing import Seen
from inbound.documents.pictures.seen import rows_seen
from inbound.documents.pictures.straight import straightened
from inbound.documents.pictures.tesseract import SeenWord
from inbound.documents.reader_process import ReaderProcess
from inbound.documents.warm_child import ReaderLimits, kill_all
from tests.inbound.documents.bombs import a_png_that_says, one_page, stream
from tests.inbound.documents.pdfs import ENGLISH, a_pdf
from tests.services import TEST_ALL
from workflows.reading import DocumentFormat, DocumentKind, Layout, Place, Reading

needs_tesseract = pytest.mark.skipif(tesseract.program() is None and not TEST_ALL, reason="tesseract is not installed")


def a_picture(turn: int = 0, tilt: float = 0.0) -> Image.Image:
    """The English invoice as a scanner gives it."""
    page = pypdfium2.PdfDocument(a_pdf(ENGLISH))[0].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    return page.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=245).rotate(turn, expand=True)


def as_file(picture: Image.Image, form: str) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    picture.save(out, form, **({"resolution": 150} if form == "PDF" else {}))
    return out.getvalue()


def codes(reading: Reading | None) -> list[str]:
    """The codes of a reading's defects."""
    assert reading is not None
    return [defect.code for defect in reading.defects]


@needs_tesseract
@pytest.mark.parametrize(
    ("form", "turn", "tilt"), [("PDF", 0, 2.5), ("PNG", 90, 0.0), ("JPEG", 180, -1.5), ("TIFF", 270, 0.0)]
)
def test_b30_a_scan_is_read_however_it_lay(form: str, turn: int, tilt: float) -> None:
    """Turned and askew pages are read as the text would be, and it is told that they were pictures.

    One of them is not known to be English before.
    """
    known = {"languages": ("eng",)} if form != "PNG" else {}
    reading = read_source(Source(as_file(a_picture(turn, tilt), form), **known))
    assert reading is not None
    assert (reading.kind, reading.number, reading.issue_date) == (
        DocumentKind.INVOICE,
        "INV-2026/007",
        date(2026, 3, 5),
    )
    assert (reading.gross, reading.currency) == (Decimal("258.00"), "GBP")
    assert reading.format is (DocumentFormat.PDF if form == "PDF" else DocumentFormat.IMAGE)
    assert codes(reading)[0] == "read_by_ocr"
    assert reading.where["gross"].endswith("read by OCR")


@needs_tesseract
def test_b30_scans_are_read_by_a_child_of_their_own() -> None:
    """A document with text does not wait for a picture that is being read."""
    with ReaderProcess(ReaderLimits(seconds=10), languages=("eng",)) as process:
        reading = process.read(as_file(a_picture(), "PDF"), "scan.pdf")
        assert reading is not None
        assert reading.number == "INV-2026/007"
        text = process.read(a_pdf(ENGLISH), "invoice.pdf")
        assert text is not None
        assert "read_by_ocr" not in codes(text)


@needs_tesseract
def test_b30_a_picture_without_words_is_no_document() -> None:
    """A photograph of goods, a logo: nothing is made of it, and nobody is told."""
    blank = as_file(Image.new("L", (1200, 1600), 200), "PNG")
    assert read_source(Source(blank, languages=("eng",))) is None


def test_b30_without_the_engine_a_picture_is_told_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender learns that it was kept but not read; a small picture is more likely a banner."""
    monkeypatch.setattr(tesseract, "program", lambda: None)
    grain = Image.frombytes("L", (900, 1200), random.Random(1).randbytes(900 * 1200))
    assert codes(read_document(as_file(grain, "PNG"))) == ["ocr_missing"]
    assert codes(read_document(as_file(a_picture(), "PDF"))) == ["ocr_missing"]
    assert read_document(as_file(Image.new("L", (900, 1200)), "PNG")) is None


def test_b30_signatures_and_logos_are_not_claimed() -> None:
    """What is smaller than a page is told by its first bytes, without opening it."""
    assert not image.claims(Source(as_file(Image.new("L", (400, 120)), "PNG")))
    assert not image.claims(Source(as_file(Image.new("L", (600, 200)), "JPEG")))
    assert image.claims(Source(as_file(Image.new("L", (1240, 1754)), "JPEG")))


@pytest.mark.parametrize("cut", [60, 5000])
def test_b30_a_damaged_picture_is_told(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damage is answered, not raised."""
    monkeypatch.setattr(tesseract, "program", lambda: "/bin/false")
    monkeypatch.setattr(tesseract, "languages", lambda: frozenset({"eng"}))
    assert codes(read_source(Source(as_file(a_picture(), "PNG")[:cut]))) == ["unreadable"]


def test_b30_a_picture_made_to_fill_memory_is_refused() -> None:
    """Its size stands in its first bytes: it is never unpacked."""
    for side in (9_000, 40_000):
        with pytest.raises(DocumentUnreadable):
            list(opened.pages_of_picture(a_png_that_says(side)))


def test_b30_of_many_pages_the_first_and_the_last_are_read() -> None:
    """The head stands on the first page and the sums on the last."""
    assert list(opened.chosen(3)) == [0, 1, 2]
    assert list(opened.chosen(40)) == [0, 1, 2, 37, 38, 39]


def test_b30_a_page_is_straightened_and_its_rules_taken_out() -> None:
    """Lines of text lie level, and long thin lines are gone while letters stay."""
    page = a_picture(tilt=3.0).resize((2480, 3508))
    level = straightened(page)
    again = straightened(level)
    assert abs(again.width - level.width) < 0.004 * level.width
    ruled = Image.new("L", (1000, 400), 255)
    ruled.paste(0, (50, 200, 950, 203))
    ruled.paste(0, (100, 100, 130, 140))
    clean = cleaned(ruled)
    assert clean.getpixel((500, 201)) > 200
    assert clean.getpixel((115, 120)) == 0


def test_b30_words_of_one_line_become_one_row() -> None:
    """Letters that reach under the line do not make it two, and strokes of frames are no words."""
    words = [
        SeenWord(100, 100, 90, 30, 95.0, "Total"),
        SeenWord(200, 108, 90, 30, 95.0, "page"),
        SeenWord(900, 100, 100, 30, 95.0, "12.50"),
        SeenWord(600, 100, 4, 40, 90.0, "|"),
    ]
    rows, stream = rows_seen(2, 3508, words)
    assert [[cell.text for cell in row.cells] for row in rows] == [["Total page", "12.50"]]
    assert rows[0].page == 2
    assert stream.startswith("Total page")


def test_b30_tesseract_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process does not outlive the time that a page may take."""
    monkeypatch.setattr(tesseract, "program", lambda: "/usr/bin/yes")
    with pytest.raises(DocumentUnreadable) as told:
        tesseract.recognise(Image.new("L", (10, 10)), "eng", 5.0)
    assert told.value.defect.code in ("timeout", "unreadable")


def test_b30_what_two_looks_read_differently_is_open() -> None:
    """A second look fills what the first lacked; a number that both read, and differently, is asked for."""
    first = Reading(kind=DocumentKind.INVOICE, number="RE-17", issue_date=date(2026, 3, 5), sure={"number": 0.9})
    other = replace(first, number="RE-77", issue_date=None, net=Decimal(1), tax=Decimal(0), gross=Decimal(1))
    filled = _filled(first, other)
    assert (filled.number, filled.issue_date, filled.gross) == (None, date(2026, 3, 5), Decimal(1))
    assert _filled(first, replace(other, kind=DocumentKind.REMINDER)).kind is DocumentKind.REMINDER
    order = replace(first, kind=DocumentKind.ORDER)
    assert _filled(order, replace(other, kind=DocumentKind.REMINDER)).kind is DocumentKind.OTHER


def test_b30_a_day_in_words_that_were_hardly_recognised_is_withheld() -> None:
    """The doubt is that of the words it stands in, not that of the page."""
    words = [SeenWord(100 * n, 100, 90, 30, 96.0, text) for n, text in enumerate(("Data", "settembre", "2026"))]
    day = SeenWord(400, 100, 40, 30, 31.0, "8")
    seen = Seen()
    seen.add(1, 3508, [*words, day])
    where = {"issue_date": seen.rows[0].where}
    reading = Reading(issue_date=date(2026, 9, 8), where=where, sure={"issue_date": 0.9})
    assert _doubted(reading, seen).issue_date is None
    assert _doubted(replace(reading, issue_date=date(2026, 9, 3)), seen).issue_date == date(2026, 9, 3)


def test_b30_nothing_is_learnt_or_read_where_words_were_hardly_recognised() -> None:
    """What a person showed us to stand there is as doubtful as what was read by its label."""
    seen = Seen()
    seen.add(1, 3508, [SeenWord(100, 100, 90, 30, 96.0, "Reg."), SeenWord(400, 100, 40, 30, 31.0, "R-78")])
    layout = Layout(("a",), (Place("right of: reg", "R-78"), Place("right of: day", "4")))
    kept = _doubted(Reading(layout=layout), seen).layout
    assert kept is not None
    assert [place.text for place in kept.places] == ["4"]


@pytest.mark.parametrize(
    ("number", "read"), [("ВЕ-17", None), ("Fo017", None), ("1O17", None), ("PO17", "PO17"), ("ЖД-17", "ЖД-17")]
)
def test_b30_a_number_in_letters_that_look_like_others_is_withheld(number: str, read: str | None) -> None:
    """Of another alphabet, or a letter that may be a digit: a picture does not say which it is."""
    seen = Seen()
    seen.add(1, 3508, [SeenWord(100, 100, 90, 30, 96.0, number)])
    reading = Reading(number=number, where={"number": seen.rows[0].where}, sure={"number": 0.9})
    assert _doubted(reading, seen).number == read


def test_b30_a_word_over_two_rows_stands_beside_its_neighbour() -> None:
    """Recognition draws boxes too tall where columns are shifted against each other."""
    words = [
        SeenWord(1000, 100, 120, 30, 95.0, "Invoice", ("1",)),
        SeenWord(100, 122, 200, 30, 95.0, "Northbridge", ("2",)),
        SeenWord(320, 122, 90, 30, 95.0, "Foods", ("2",)),
        SeenWord(1130, 100, 50, 76, 95.0, "No", ("2",)),
    ]
    rows, _ = rows_seen(1, 3508, words)
    assert [[cell.text for cell in row.cells] for row in rows] == [["Invoice No"], ["Northbridge Foods"]]


def test_b30_a_page_on_which_nothing_stands_is_not_drawn() -> None:
    """What has neither text nor pictures costs nothing."""
    assert list(opened.pages_of_pdf(one_page(stream(b"BT ET " * 1000)))) == []


def test_b30_pages_that_were_opened_in_their_time_are_drawn_and_recognised_in_more() -> None:
    """Opening has a limit of its own, which ends with it."""
    signal.setitimer(signal.ITIMER_PROF, 60.0)
    try:
        assert len(list(opened.pages_of_pdf(one_page(stream(b"9 9 9 9 re f")), recognising=600.0))) == 1
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 60.0
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


@pytest.mark.parametrize(
    "content",
    [b"0 0 595 842 re f\n" * 300, b"1 1 1 1 re f\n" * 60_000],
    ids=["painted over and over", "more things than a page has"],
)
def test_b30_a_page_that_is_made_to_be_drawn_for_ever_is_refused(content: bytes) -> None:
    """Before it is drawn."""
    with pytest.raises(DocumentUnreadable) as refused:
        list(opened.pages_of_pdf(one_page(stream(content))))
    assert refused.value.defect.code == "too_large"


def test_b30_recognition_is_told_to_end_by_itself() -> None:
    """The system counts its work, should whoever started it be gone."""
    assert tesseract._run(["/bin/sh", "-c", "cat > /dev/null; ulimit -t"], b"", 4.2).strip() == "6"


def test_b30_what_a_child_started_ends_with_it() -> None:
    """A recognition that runs is not left behind: the last that could write to the pipe is gone."""
    child = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 600 & echo ready; wait"], stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    kill_all(child)
    assert child.stdout.read() == b""
    child.stdout.close()
    child.wait()
