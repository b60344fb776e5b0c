"""The PDF around an e-invoice: whether it says that it carries one, and how, as Factur-X and ISO 19005-3 ask."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from inbound.documents.profiles import name_of
from workflows.reading import Defect

NAMES: Final = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml"})
"""The names of the attachment in Factur-X and ZUGFeRD 1 and 2, small letters."""

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_STREAMS: Final = 500
_OBJECTS = re.compile(rb"/Type\s*/(?:ObjStm|Metadata)[^>]{0,300}>>\s*stream\r?\n|/ObjStm\b[^>]{0,300}>>\s*stream\r?\n")
_LEVEL = re.compile(rb"\w{1,20}:ConformanceLevel(?:\s*=\s*[\"']|>)\s*([A-Za-z0-9 ]{1,30}?)\s*[\"'<]")
_RELATIONSHIP = re.compile(rb"/AFRelationship\s*/(\w{1,30})")
_ASSOCIATED = re.compile(rb"/AF[\s\[\d]")
_COLOUR = re.compile(rb"/OutputIntents|/Default(?:RGB|Gray|CMYK)\b")
_SAME: Final = {"comfort": "en16931"}


def container_defects(content: bytes, names: Sequence[str], profile: str | None, *, carried: bool) -> Iterator[Defect]:
    """What is wrong with the PDF around an e-invoice; nothing for a PDF that does not claim to be Factur-X.

    `names` are those of the attached e-invoices, `carried` whether one was found. Page and e-invoice are read all the
    same: these are for the sender to mend.
    """
    plain = _structure(content)
    level = _LEVEL.search(plain)
    if not carried:
        if level is not None:
            yield Defect(
                "no_e_invoice", "The PDF says that it carries an e-invoice, but none is inside (Factur-X 1.0)."
            )
        return
    if level is None and not any(name.casefold() in NAMES for name in names):
        return
    if not any(name.casefold() in NAMES for name in names):
        yield Defect("attachment_name", f"The e-invoice is named {names[0][:80]}, not factur-x.xml (Factur-X 1.0).")
    if _COLOUR.search(plain) is None:
        yield Defect("no_pdf_a", "The PDF is no PDF/A-3: nothing says what its colours are (ISO 19005-3, 6.2.3).")
    if not _ASSOCIATED.search(plain):
        yield Defect("not_associated", "The e-invoice is not associated with the document by /AF (ISO 32000-2, 14.13).")
    relationship = _RELATIONSHIP.search(plain)
    if relationship is None:
        yield Defect("no_relationship", "The attachment has no AFRelationship (ISO 19005-3, 6.8).")
    elif relationship[1] not in (b"Data", b"Alternative"):
        said = relationship[1].decode("ascii", "replace")
        yield Defect(
            "relationship", f"The attachment's AFRelationship is {said}, not Data or Alternative (Factur-X 1.0)."
        )
    if level is None:
        yield Defect(
            "no_xmp", "The PDF's metadata does not tell the e-invoice's profile (Factur-X 1.0, XMP extension)."
        )
    elif profile and _short(level[1].decode("ascii")) != _short(name_of(profile)) and name_of(profile):
        text = f"The PDF's metadata tells the profile {level[1].decode('ascii')}, the e-invoice {name_of(profile)}"
        yield Defect("xmp_differs", f"{text} (Factur-X 1.0).")


def _short(level: str) -> str:
    plain = "".join(c for c in level.casefold() if c.isalnum())
    return _SAME.get(plain, plain)


def _structure(content: bytes) -> bytes:
    """The bytes of a PDF with its compressed objects and metadata unpacked behind them, to a limit."""
    parts, left = [content], MOST_BYTES
    for count, hit in enumerate(_OBJECTS.finditer(content)):
        if count >= MOST_STREAMS or left <= 0:
            break
        try:
            unpacked = zlib.decompressobj().decompress(content[hit.end() : hit.end() + left], left)
        except zlib.error:  # not deflated, so it stands in the bytes as it is; or damaged
            continue
        parts.append(unpacked)
        left -= len(unpacked)
    return b"\n".join(parts)
