"""Writing XML for machines: elements in the schema's order, nothing empty, amounts as they are stated."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from lxml import etree

CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ubl_root(name: str) -> etree._Element:
    """The root element of a UBL 2.1 document: `ubl_root("Invoice")`."""
    names = {None: _UBL.format(name), "cac": CAC, "cbc": CBC}
    return etree.Element(f"{{{names[None]}}}{name}", nsmap=names)  # type: ignore[arg-type]  # stubs know no default one


def group(parent: etree._Element, *names: str) -> etree._Element:
    """A new aggregate below *parent*, of several names one in the other."""
    for name in names:
        parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def basic(parent: etree._Element, name: str, value: object, **attributes: str) -> None:
    """A new basic element with a value; none for what is absent or empty."""
    if (text := text_of(value)) != "":
        kept = {key: said for key, said in attributes.items() if said}
        etree.SubElement(parent, f"{{{CBC}}}{name}", kept).text = text


def text_of(value: object) -> str:
    """A value as XML may hold it: decimals without an exponent, no control characters; empty for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return _FORBIDDEN.sub("", str(value))


def written(root: etree._Element) -> bytes:
    """The document as UTF-8 with its declaration; the same tree gives the same bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
