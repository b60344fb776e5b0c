"""The document type codes of UNTDID 1001 that EN 16931 and UBL allow, as kinds of document."""

from __future__ import annotations

from typing import Final

from workflows.reading import DocumentKind

KINDS: Final[dict[DocumentKind, str]] = {
    DocumentKind.CREDIT_NOTE: "81 83 261 262 296 308 381 396 420 458 502 503 532",
    DocumentKind.PREPAYMENT_INVOICE: "386 500",
    DocumentKind.PROFORMA: "325",
    DocumentKind.ORDER: "105 220 221 224 226 227 402",
    DocumentKind.ORDER_CONFIRMATION: "231 320",
    DocumentKind.QUOTE: "310",
    DocumentKind.DELIVERY_NOTE: "270 351",
    DocumentKind.REMITTANCE: "481",
    DocumentKind.STATEMENT: "493",
}
_BY_CODE: Final = {code: kind for kind, codes in KINDS.items() for code in codes.split()}


def kind_of_code(code: str | None, otherwise: DocumentKind) -> DocumentKind:
    """The kind that a type code names; *otherwise* for codes of the root element's own kind and unknown ones."""
    return _BY_CODE.get(code or "", otherwise)
