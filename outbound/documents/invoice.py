"""An invoice that was made here: as a PDF for people, with the e-invoice for machines inside, and as UBL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound.documents.hybrid import with_metadata
from outbound.documents.invoice_cii import cii_of
from outbound.documents.invoice_ubl import ubl_of
from outbound.documents.normed import NotNormed, normed
from outbound.documents.printed import NotShown, printed


def invoice_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The invoice as a PDF in the reader's language; its number is the supplier's own, never one of ours.

    Where the facts are all that EN 16931 asks for, it is a PDF/A-3 with Factur-X inside, profile EN 16931; else a
    plain PDF. A PDF/A must show every letter: where no font of the machine has one, the PDF stays plain too.
    """
    try:
        return with_metadata(printed(facts, language, e_invoice=cii_of(normed(facts))))
    except (NotNormed, NotShown):
        return printed(facts, language)


def invoice_ubl(facts: Mapping[str, Any]) -> bytes | None:
    """The invoice as UBL 2.1 by EN 16931; None where its facts are less than that."""
    try:
        return ubl_of(normed(facts))
    except NotNormed:
        return None
