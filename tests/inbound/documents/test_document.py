"""Which format reads what, and how a reading is shown."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.documents.as_json import reading_as_json, reading_from_json
from inbound.documents.document import FORMATS, is_mail, read_document
from inbound.documents.format import LARGEST
from tests.inbound.documents.e_invoices import a_ubl_order
from workflows.reading import DocumentFormat, DocumentKind, Reading, ReadLine

PAGE = Path(__file__).parents[3] / "docs" / "add-a-document-format.md"


def test_every_format_has_a_reader() -> None:
    """A format that is named but forgotten fails here: docs/add-a-document-format.md has the steps."""
    known = [reader.format for reader in FORMATS]
    named = [name for name in known if name is not DocumentFormat.OTHER]  # several national formats share it
    assert len(named) == len(set(named))
    forgotten = set(DocumentFormat) - {DocumentFormat.OTHER} - set(known)
    assert not forgotten, "they need a reader in FORMATS: docs/add-a-document-format.md"


def test_the_page_on_adding_a_format_names_every_reader() -> None:
    """The steps are written down, with the table as it is."""
    text = PAGE.read_text(encoding="utf-8")
    for reader in FORMATS:
        assert f"`{reader.format.value}`" in text
    named = re.findall(r"`(inbound/documents/\w+\.py|tests/inbound/documents/\w+\.py)`", text)
    assert named
    for path in named:
        assert (PAGE.parents[1] / path).exists() or "your_format" in path


def test_a_reading_is_shown_as_the_contract_says() -> None:
    """Amounts are decimal strings, dates ISO, what is absent is null."""
    reading = read_document(a_ubl_order())
    assert reading is not None
    shown = json.loads(json.dumps(reading_as_json(reading, "order.xml")))
    assert (shown["file"], shown["kind"], shown["format"]) == ("order.xml", "order", "ubl")
    assert (shown["net"], shown["issue_date"], shown["due_date"]) == ("215.00", "2026-03-02", None)
    assert shown["lines"][1]["unit_price"] == "45.00"
    assert shown["buyer"]["name"] == "Northwind Traders"


def test_large_and_small_amounts_are_shown_without_an_exponent() -> None:
    """A decimal string is digits and a dot."""
    reading = Reading(gross=Decimal("1E+6"), lines=(ReadLine(unit_price=Decimal("1E-7")),))
    shown = reading_as_json(reading, "x")
    assert (shown["gross"], shown["lines"][0]["unit_price"]) == ("1000000", "0.0000001")


def test_a_shown_reading_can_be_made_again() -> None:
    """Nothing is lost on the way to JSON and back."""
    reading = read_document(a_ubl_order())
    assert reading is not None
    assert reading_from_json(json.loads(json.dumps(reading_as_json(reading, "order.xml")))) == reading


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"BEGIN:VCARD\n", b"<html></html>", b"hello"])
def test_what_is_no_document_is_none(content: bytes) -> None:
    """Signature images, cards and pages are not documents."""
    assert read_document(content) is None


def test_a_document_over_the_limit_is_told() -> None:
    """Size is looked at before anything is parsed."""
    reading = read_document(b"%PDF-1.7" + b" " * LARGEST)
    assert reading is not None
    assert [defect.code for defect in reading.defects] == ["too_large"]
    assert reading.kind is DocumentKind.OTHER


@pytest.mark.parametrize(
    ("content", "mail"),
    [
        (b"Received: from a\r\nFrom: a@b.example\r\n\r\nhello", True),
        (b"From x@y Mon Jan  1\nX-Own: 1\nSubject: hi\n\nhello", True),
        (b"X-Spam: no\r\n folded\r\nMessage-ID: <1@b>\r\n\r\n", True),
        (b"%PDF-1.7\n1 0 obj", False),
        (b"<?xml version='1.0'?><Invoice/>", False),
        (b"Dear Sir,\nTo: nobody", False),
        (b"", False),
    ],
)
def test_a_mail_is_told_by_its_header_lines(content: bytes, mail: bool) -> None:
    """The name of the file does not matter."""
    assert is_mail(content) is mail


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"%PDF-1.4\n", b"<Invoice xmlns='urn:oasis:names:specification:ubl'>"]),
)
def test_any_bytes_give_an_answer(content: bytes, start: bytes) -> None:
    """Nothing is raised, whatever comes."""
    assert isinstance(read_document(start + content), Reading | None)
