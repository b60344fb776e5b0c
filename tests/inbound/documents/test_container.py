"""The PDF around an e-invoice."""

from __future__ import annotations

import zlib

import pytest

from inbound.documents.container import container_defects

BASIC = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
GOOD = (
    b"%PDF-1.7 <</Type/Catalog/AF [3 0 R]/OutputIntents[4 0 R]>> <</AFRelationship /Data>>"
    b" <fx:ConformanceLevel>BASIC</fx:ConformanceLevel>"
)


def codes(
    content: bytes, name: str = "factur-x.xml", profile: str | None = BASIC, *, carried: bool = True
) -> list[str]:
    """What is told of a PDF."""
    names = [name] if carried else []
    return [defect.code for defect in container_defects(content, names, profile, carried=carried)]


def test_a_factur_x_as_it_should_be_has_no_defect() -> None:
    """Also with its structure in compressed objects."""
    assert codes(GOOD) == []
    packed = b"%PDF-1.7 1 0 obj <</Type/ObjStm/N 3>>\nstream\n" + zlib.compress(GOOD) + b"\nendstream"
    assert codes(packed) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"/AF [3 0 R]", b"", "not_associated"),
        (b"/OutputIntents", b"/Other", "no_pdf_a"),
        (b"/AFRelationship /Data", b"", "no_relationship"),
        (b"/AFRelationship /Data", b"/AFRelationship /Source", "relationship"),
        (b"<fx:ConformanceLevel>BASIC</fx:ConformanceLevel>", b"", "no_xmp"),
        (b">BASIC<", b">MINIMUM<", "xmp_differs"),
    ],
)
def test_what_a_factur_x_lacks_is_named(old: bytes, new: bytes, code: str) -> None:
    """One defect for one fault."""
    assert codes(GOOD.replace(old, new)) == [code]


def test_an_attachment_of_another_name_is_told() -> None:
    """Readers that look for the name find nothing."""
    assert codes(GOOD, "invoice.xml") == ["attachment_name"]


def test_a_pdf_that_promises_an_e_invoice_and_carries_none_is_told() -> None:
    """A plain PDF promises nothing."""
    assert codes(GOOD, carried=False) == ["no_e_invoice"]
    assert codes(b"%PDF-1.7", carried=False) == []


def test_a_pdf_that_claims_nothing_is_left_alone() -> None:
    """An e-invoice in any PDF is read, and its container is its sender's own."""
    assert codes(b"%PDF-1.7", "anything.bin") == []
