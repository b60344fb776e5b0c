"""An invoice that was made on the page, as a PDF for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound.documents.printed import printed


def invoice_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The invoice as a PDF in the reader's language; its number is the supplier's own, never one of ours."""
    return printed(facts, language)
