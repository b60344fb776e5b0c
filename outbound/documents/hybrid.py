"""The metadata of Factur-X in a PDF/A-3: which file is the e-invoice, and its profile (Factur-X 1.0, annex on XMP).

The PDF already carries the file and its association; what no writer of PDFs knows of is the extension to the XMP. It
is added as an incremental update (ISO 32000-1, 7.5.6): the object of the metadata written anew behind the file, with
a table of its own. The bytes before stay as they are, and the same PDF gives the same bytes.
"""

from __future__ import annotations

import re
from typing import Final

FILE_NAME: Final = "factur-x.xml"
_NAMESPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_METADATA = re.compile(rb"(\d+) 0 obj\s*<<[^>]*/Type\s*/Metadata[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
_SCHEMAS: Final = b"<pdfaExtension:schemas><rdf:Bag>"
_END: Final = b"</rdf:RDF>"
_PROPERTIES: Final = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters"),
    ("Version", "The version of the standard that the embedded XML document follows"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


class NoMetadata(Exception):
    """Raised when a PDF is not written as its writer did so far: no plain metadata, or no plain table at its end."""


def with_metadata(pdf: bytes, level: str = "EN 16931") -> bytes:
    """The PDF/A-3 with the metadata of Factur-X; raises `NoMetadata`."""
    found, end = _METADATA.search(pdf), _TRAILER.search(pdf)
    if found is None or end is None or _SCHEMAS not in found[2] or _END not in found[2]:
        raise NoMetadata("The PDF has no plain metadata to add to.")
    xmp = found[2].replace(_SCHEMAS, _SCHEMAS + _schema(), 1).replace(_END, _description(level) + _END, 1)
    number = int(found[1])
    start = len(pdf) + 1
    body = b"\n%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%s\nendstream\nendobj\n"
    made = pdf + body % (number, len(xmp), xmp)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return made + table % (number, start, end[1], int(end[2]), len(made))


def _description(level: str) -> bytes:
    values = (FILE_NAME, "INVOICE", "1.0", level)
    inner = "".join(f"<fx:{name}>{value}</fx:{name}>" for (name, _), value in zip(_PROPERTIES, values, strict=True))
    return f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{inner}</rdf:Description>'.encode()


def _schema() -> bytes:
    """The description of the extension, without which a PDF/A may not use it (ISO 19005-3, 6.6.2.3)."""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{text}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, text in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()
