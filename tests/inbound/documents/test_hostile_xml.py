"""E-invoices that somebody made to break their reader: any text in any element, elements gone or doubled."""

from __future__ import annotations

import json
import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound.documents.as_json import reading_as_json, reading_from_json
from inbound.documents.document import read_document
from inbound.documents.signed import content_of
from tests.inbound.documents.e_invoices import (
    a_cii_invoice,
    a_fattura_pa,
    a_ksef_invoice,
    a_ubl_invoice,
    an_order_response,
    an_order_x,
)

PROFILE: Final = b"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>"
MADE: Final = (
    a_ubl_invoice().replace(b"<cbc:ID>INV", PROFILE + b"<cbc:ID>INV"),
    a_cii_invoice(), an_order_response(), an_order_x(), a_fattura_pa(), a_ksef_invoice(),
)  # fmt: skip
HOSTILE: Final = st.sampled_from(
    ["", "0", "-0", "9" * 18, "-" + "9" * 18, "0." + "0" * 17 + "1", "9" * 18 + "." + "9" * 18, "1e9", "NaN", "1,5",
     "2026-02-30", "99999999", "0000-00-00", "x" * 5000, "\u202e\ud7ff", "O", "K", "S", "true", "GROUP", "KOR"]
)  # fmt: skip
_TEXT: Final = re.compile(rb">([^<>\s][^<>]*)<")
_ELEMENT: Final = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?>[^<>]*</\1>")


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A document with some of its texts replaced, and elements dropped or doubled."""
    content = draw(st.sampled_from(MADE))
    for _ in range(draw(st.integers(1, 6))):
        pattern = draw(st.sampled_from((_TEXT, _ELEMENT)))
        hits = list(pattern.finditer(content))
        if not hits:
            break
        hit = hits[draw(st.integers(0, len(hits) - 1))]
        other, times = draw(HOSTILE).encode(), draw(st.sampled_from((0, 2, 3)))
        new = b">" + other + b"<" if pattern is _TEXT else hit[0] * times
        content = content[: hit.start()] + new + content[hit.end() :]
    return content


@settings(max_examples=300, deadline=None)
@given(broken())
def test_any_e_invoice_is_read_or_told(content: bytes) -> None:
    """Never an error; what comes of it crosses to the other process and back."""
    reading = read_document(content, "file.xml")
    if reading is not None:
        shown = json.loads(json.dumps(reading_as_json(reading, "file.xml")))
        assert reading_from_json(shown) == reading


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200).map(lambda tail: b"\x30" + tail))
def test_any_envelope_is_opened_or_told(content: bytes) -> None:
    """Bytes that begin as a signed envelope: read, or one defect."""
    reading = read_document(content, "invoice.xml.p7m")
    assert reading is None or reading.defects


def test_an_envelope_in_envelopes_ends() -> None:
    """Indefinite lengths in one another are not followed for ever."""
    from inbound.documents.format import DocumentUnreadable

    with pytest.raises(DocumentUnreadable):
        content_of(b"\x30\x80" * 5000)
