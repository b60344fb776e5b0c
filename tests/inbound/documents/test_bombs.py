"""PDFs made to exhaust their reader: each is refused with a word, and the next document is read."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from inbound.documents.reader_process import FOR_PICTURES, ReaderProcess
from inbound.documents.warm_child import ReaderLimits, WarmChild
from tests.inbound.documents.bombs import BOMBS, PICTURES, pages
from tests.inbound.documents.pdfs import a_german_invoice
from workflows.reading import Reading


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    """A reader with the limits that it has in use."""
    with ReaderProcess() as process:
        yield process


def read(reader: ReaderProcess, content: bytes) -> Reading:
    """Read a document that must be one."""
    reading = reader.read(content)
    assert reading is not None
    return reading


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_and_the_next_document_is_read(reader: ReaderProcess, bomb: str) -> None:
    """It says what is wrong, whether the child lived or had to be replaced."""
    refused = read(reader, BOMBS[bomb]())
    assert refused.defects
    # A page that is drawn within what is left of its time, and shows nothing to recognise, holds no text.
    assert {d.code for d in refused.defects} <= {"unreadable", "too_large", "timeout", "empty", "no_text"}
    assert read(reader, a_german_invoice()).number == "R-1001"


@pytest.mark.parametrize("bomb", PICTURES)
def test_a_picture_made_to_exhaust_its_reader_is_refused(reader: ReaderProcess, bomb: str) -> None:
    """It is never unpacked, or within its limits; what shows no page is no document."""
    refused = reader.read(PICTURES[bomb]())
    assert refused is None or {d.code for d in refused.defects} <= {"unreadable", "too_large", "timeout", "ocr_missing"}
    assert read(reader, a_german_invoice()).number == "R-1001"


def test_the_child_may_not_fill_more_than_it_is_allowed(reader: ReaderProcess) -> None:
    """The system keeps the limit, and it is under 300 MB."""
    read(reader, a_german_invoice())
    assert reader.pid is not None
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system does not tell the limits of another process")
    assert resource.prlimit(reader.pid, resource.RLIMIT_DATA)[0] == ReaderLimits().heap < 300 * 1024 * 1024
    assert FOR_PICTURES.heap == ReaderLimits().heap


def test_a_document_that_takes_too_much_work_is_given_up() -> None:
    """Work is counted, not the clock: a busy machine does not cost a document."""
    with ReaderProcess(ReaderLimits(processor=0.001)) as reader:
        assert [defect.code for defect in read(reader, pages(100)).defects] == ["timeout"]


def test_a_document_without_text_is_opened_again_within_what_is_left_of_its_work(
    reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the look for a text took, the look at the pictures cannot take once more, nor does it look for a text."""
    asked: list[Mapping[str, Any]] = []
    ask = WarmChild.ask

    def kept(child: WarmChild, header: Mapping[str, Any], content: bytes) -> tuple[Any, float]:
        asked.append(header)
        return ask(child, header, content) if len(asked) == 1 else (None, 0.0)

    monkeypatch.setattr(WarmChild, "ask", kept)
    assert reader.read(BOMBS["millions of states and one mark"]()) is None
    assert [(header.get("textless"), header.get("opening", 9) < ReaderLimits().processor) for header in asked] == [
        (None, False),
        (True, True),
    ]


def test_a_child_that_failed_is_replaced_before_the_next_document_comes(reader: ReaderProcess) -> None:
    """The next mail does not wait for a child to start."""
    read(reader, a_german_invoice())
    before = reader.pid
    assert read(reader, BOMBS["a gigabyte of blanks in a page"]()).defects
    assert reader.pid not in (None, before)


def test_a_long_document_is_read_in_part_and_says_so(reader: ReaderProcess) -> None:
    """Nothing is left out in silence."""
    assert "pages_left_out" in [defect.code for defect in read(reader, pages(101)).defects]
    assert "pages_left_out" not in [defect.code for defect in read(reader, pages(100)).defects]


@pytest.mark.parametrize(("password", "code"), [("secret", "locked"), ("", None)])
def test_a_pdf_with_a_password_is_locked_unless_only_printing_is(
    reader: ReaderProcess, password: str, code: str | None
) -> None:
    """A password to open it is asked of the sender; one that only forbids changes does not matter."""
    locked = BytesIO()
    canvas = Canvas(locked, encrypt=StandardEncryption(password, ownerPassword="owner", canPrint=0))
    canvas.drawString(50, 700, "Invoice no. R-1001 and some more words")
    canvas.save()
    reading = read(reader, locked.getvalue())
    assert reading.number == (None if code else "R-1001")
    assert ("locked" in [defect.code for defect in reading.defects]) is (code == "locked")
