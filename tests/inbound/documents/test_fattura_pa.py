"""FatturaPA, and files in signed envelopes."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.document import read_document
from inbound.documents.fattura_pa import MOST
from tests.inbound.documents.e_invoices import a_fattura_pa
from workflows.reading import DocumentKind, Reading

STAMP = "<DatiBollo><ImportoBollo>2.00</ImportoBollo></DatiBollo>"
WITHHELD = "<DatiRitenuta><ImportoRitenuta>20.00</ImportoRitenuta></DatiRitenuta>"


def read(content: bytes, name: str = "IT00743110157_00001.xml") -> Reading:
    """Read a document that must be one."""
    reading = read_document(content, name)
    assert reading is not None
    return reading


def codes(reading: Reading) -> list[str]:
    """The codes of a reading's defects."""
    return [defect.code for defect in reading.defects]


def test_b6_a_fattura_pa_is_read_field_by_field() -> None:
    """Its discount is in the price, its order on the line that it names, a line without a quantity is one."""
    invoice = read(a_fattura_pa())
    assert (invoice.kind, invoice.number, invoice.currency) == (DocumentKind.INVOICE, "12/A", "EUR")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 5), date(2026, 4, 4))
    amounts = (invoice.net, invoice.tax, invoice.gross, invoice.due)
    assert [str(amount) for amount in amounts] == ["120.00", "22.00", "142.00", "142.00"]
    assert (invoice.seller.name, invoice.seller.vat_id) == ("Staffe e Figli Srl", "IT00743110157")
    assert (invoice.seller.iban, invoice.buyer.name) == ("IT60X0542811101000000123456", "Maria Rossi")
    staffa, trasporto = invoice.lines
    assert (str(staffa.unit_price), staffa.quantity, staffa.seller_sku) == ("1E+1", Decimal("10.00"), "SB-9")
    assert (staffa.order, trasporto.order, trasporto.quantity) == ("PO-2026-0042", None, Decimal(1))
    assert (invoice.orders, codes(invoice)) == (("PO-2026-0042",), [])


@pytest.mark.parametrize(
    ("changed", "net", "due"),
    [
        (a_fattura_pa(gross="144.00", due="144.00", general=STAMP), "122.00", "144.00"),
        (a_fattura_pa(due="120.00", due_to="S"), "120.00", "120.00"),
        (a_fattura_pa(due="122.00", general=WITHHELD), "120.00", "122.00"),
    ],
    ids=["stamp duty", "split payment", "tax withheld"],
)  # fmt: skip
def test_what_the_buyer_keeps_back_or_pays_beside_is_no_defect(changed: bytes, net: str, due: str) -> None:
    """Stamp duty stands in the total without a row of tax; withheld tax is not paid to the seller."""
    invoice = read(changed)
    assert (invoice.net, invoice.due, codes(invoice)) == (Decimal(net), Decimal(due), [])


def test_a_broken_sum_is_told_with_the_number_of_the_error() -> None:
    """What the SdI would send back."""
    invoice = read(a_fattura_pa(tax="25.00", gross="145.00", due="145.00"))
    assert [defect.text[-11:] for defect in invoice.defects] == ["SdI 00421)."]


def test_each_invoice_of_a_lot_is_one_of_its_documents() -> None:
    """TD04, three bodies: every one is read, with the same parties."""
    first = read(a_fattura_pa("TD04", bodies=3))
    assert [(one.kind, one.seller.name, codes(one)) for one in first.documents] == [
        (DocumentKind.CREDIT_NOTE, first.seller.name, [])
    ] * 3


def test_a_lot_of_more_than_anybody_sends_is_refused() -> None:
    """The limit, and one more."""
    refused = read(a_fattura_pa(bodies=MOST + 1))
    assert (refused.kind, codes(refused)) == (DocumentKind.OTHER, ["too_large"])


def ber(tag: int, *parts: bytes) -> bytes:
    """One element of BER with its length."""
    content = b"".join(parts)
    size = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + content


def an_envelope(content: bytes, *, pieces: bool = False) -> bytes:
    """A CMS SignedData around a content: in one string, or in pieces of indefinite length."""
    oid = bytes.fromhex("06092a864886f70d010702")
    data = bytes.fromhex("06092a864886f70d010701")
    if pieces:
        half = len(content) // 2
        strings = b"\x24\x80" + ber(4, content[:half]) + ber(4, content[half:]) + b"\0\0"
        inner = b"\xa0\x80" + strings + b"\0\0"
    else:
        inner = ber(0xA0, ber(4, content)) if content else b""
    signed = ber(0x30, b"\x02\x01\x01", b"\x31\x00", ber(0x30, data, inner), b"\x31\x00")
    return ber(0x30, oid, ber(0xA0, signed))


@pytest.mark.parametrize(
    "envelope",
    [
        an_envelope(a_fattura_pa()),
        an_envelope(a_fattura_pa(), pieces=True),
        base64.encodebytes(an_envelope(a_fattura_pa())),
    ],
    ids=["one string", "pieces", "base64"],
)
def test_b6_a_signed_fattura_is_read(envelope: bytes) -> None:
    """An invoice in a p7m is the same invoice."""
    invoice = read(envelope, "IT00743110157_00001.xml.p7m")
    assert (invoice.number, invoice.gross, codes(invoice)) == ("12/A", Decimal("142.00"), [])


@pytest.mark.parametrize("cut", [0, 20, 60, 200, 900])
def test_a_broken_envelope_is_told_and_not_read(cut: int) -> None:
    """Cut off anywhere, with a signature only, or no envelope at all: one defect, no error."""
    whole = an_envelope(a_fattura_pa())
    for envelope in (whole[: len(whole) - cut - 1], an_envelope(b""), b"MII!", b"MIIB" * (cut + 1)):
        assert codes(read(envelope, "invoice.xml.p7m")) == ["unreadable"]


def test_a_signature_beside_a_mail_is_no_document() -> None:
    """smime.p7s and smime.p7m belong to the mail."""
    assert read_document(an_envelope(b"x"), "smime.p7s") is None
    assert read_document(an_envelope(b"x"), "smime.p7m") is None
