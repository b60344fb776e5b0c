"""Factur-X, ZUGFeRD and other PDFs that carry their e-invoice, found by its root element, whatever its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inbound.documents import cii, pdf, ubl
from inbound.documents.container import container_defects
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.pdf_text import read_pdf
from inbound.documents.profiles import profile_in
from inbound.documents.visible.reading import OPEN_ORDERS
from workflows.reading import Defect, DocumentFormat, Reading

COMPARED: Final = ("number", "issue_date", "currency", "net", "tax", "gross", "due")
OF_THE_SELLER: Final = ("vat_id", "iban")
OF_THE_PAGE: Final = frozenset({"company_number_wrong"})
"""Defects that a page alone can have."""


def claims(source: Source) -> bool:
    """Whether the content is a PDF and its attachments may be looked at."""
    return source.engine == "auto" and pdf.claims(source)


def read(source: Source) -> Reading | None:
    """Read the e-invoice that a PDF carries, compared with what the page shows; without one read the page."""
    text = read_pdf(source.content, text=not source.textless)
    broken: list[Defect] = []
    for name, content in text.attachments:
        inner = Source(content)
        for reader in (cii.READER, ubl.READER):
            if not reader.claims(inner):
                continue
            try:
                carried = reader.read(inner)
            except DocumentUnreadable as error:
                broken.append(Defect("broken_e_invoice", f"The e-invoice in the PDF was not read: {error.defect.text}"))
                continue
            if carried is not None:
                around = container_defects(source.content, [name], profile_in(content), carried=True)
                hybrid = replace(carried, format=DocumentFormat.HYBRID_PDF, defects=(*carried.defects, *around))
                try:
                    return _compared(hybrid, pdf.read_text(text, source))
                except DocumentUnreadable:  # the page is a picture: the e-invoice says what it shows
                    return hybrid
    shown = pdf.read_text(text, source)
    if not broken:
        broken.extend(container_defects(source.content, [], None, carried=False))
    return replace(shown, defects=(*shown.defects, *broken))


def _compared(carried: Reading, shown: Reading) -> Reading:
    """The e-invoice counts; where the page surely shows something else, a person must see it."""
    pairs = [(name, getattr(shown, name), getattr(carried, name)) for name in COMPARED]
    pairs += [(name, getattr(shown.seller, name), getattr(carried.seller, name)) for name in OF_THE_SELLER]
    defects = [
        Defect("page_differs", f"The page shows {name.replace('_', ' ')} {said}, the e-invoice inside states {stated}.")
        for name, said, stated in pairs
        if said is not None and stated is not None and _plain(said) != _plain(stated)
    ]
    found = shown.orders if shown.where.get("orders") == OPEN_ORDERS or not carried.orders else ()
    defects += [defect for defect in shown.defects if defect.code in OF_THE_PAGE]
    orders = tuple(dict.fromkeys((*carried.orders, *found)))
    return replace(carried, orders=orders, defects=(*carried.defects, *defects))


def _plain(value: object) -> object:
    return "".join(c for c in value.casefold() if c.isalnum()) if isinstance(value, str) else value


READER: Final = Reader(DocumentFormat.HYBRID_PDF, claims, read)
