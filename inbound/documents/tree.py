"""XML from strangers: parsed without entities, network or DTD, and looked through by local names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from lxml import etree

from inbound.documents.dates import parse_sure_date
from inbound.documents.format import DocumentUnreadable
from workflows.reading import Defect

HEAD: Final = 16 * 1024
"""How far into a file its root element must begin."""

_DAY = re.compile(
    r"([12]\d{3})-?(0[1-9]|1[0-2])-?([0-3]\d)(?:(?:T[\d:.]{5,18}|(?<=\d{8})\d{4}(?:\d\d)?)?(?:Z|[+-]\d\d:?\d\d)?)"
)
"""An ISO date or the figures of CII (UNTDID 2379: 102, 203, 204), with a time and a zone or without."""
_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})")


def head_of(content: bytes) -> str:
    """The beginning of a file as text if it looks like XML, else an empty string."""
    start = content[:HEAD]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        start = start.removeprefix(b"\xef\xbb\xbf")
        if b"!" <= start.lstrip()[:1] <= b"~" and not start.lstrip().startswith(b"<"):
            return ""  # most are no XML, and need not be decoded to tell
        text = start.decode("utf-8", "replace")
    text = text.lstrip()
    return text if text.startswith("<") else ""


def parse_xml(content: bytes) -> etree._Element:
    """Parse a document; raises `DocumentUnreadable` for what is not well formed or declares a DTD."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise DocumentUnreadable("unreadable", f"The XML is not well formed: {_first_line(error)}") from error
    if b"<!DOCTYPE" in content[:HEAD] or root.getroottree().docinfo.internalDTD is not None:
        raise DocumentUnreadable("unreadable", "The XML declares a document type, which an e-invoice never does.")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=256)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def apart(element: etree._Element, names: Collection[str]) -> tuple[list[etree._Element], etree._Element]:
    """The children of these names, and an element with all the others, so that looking these up passes by no lines."""
    lines: list[etree._Element] = []
    others: list[etree._Element] = []
    for child in element:
        (lines if local(child) in names else others).append(child)
    head = etree.Element(element.tag)
    head.extend(others)
    return lines, head


Flat = dict[str, str]
"""The texts under an element by their paths of local names, the first of each path; units as `.../@unitCode`."""


def flat(element: etree._Element) -> Flat:
    """All that stands under an element, gone through once: for elements that come by the hundred."""
    found: Flat = {}
    _flatten(element, "", found)
    return found


def _flatten(element: etree._Element, prefix: str, found: Flat) -> None:
    for child in element:
        path, below, counted = _path(prefix, child.tag)
        if (text := child.text) and (text := text.strip()):  # an element with text of its own holds no others
            if path not in found:
                found[path] = text
                if counted and (unit := child.get("unitCode")):
                    found[below + "@unitCode"] = unit
        elif len(child):
            _flatten(child, below, found)


@lru_cache(maxsize=1024)
def _path(prefix: str, tag: str) -> tuple[str, str, bool]:
    """The path of an element below a prefix, the prefix of what is in it, and whether it is a quantity."""
    path = prefix + _without_namespace(tag)
    return path, path + "/", path.endswith("Quantity")


def text_in(found: Flat, *paths: str) -> str | None:
    """The text at the first path that has one, white space collapsed."""
    for path in paths:
        if (text := found.get(path)) is not None:
            return plain(text)
    return None


def plain(text: str | None) -> str | None:
    """A text with white space collapsed."""
    return text if text is None or text.isalnum() else " ".join(text.split())


def amount_in(found: Flat, *paths: str) -> Decimal | None:
    """The xs:decimal at the first path that has text; None when it is absent or no decimal."""
    for path in paths:
        if (text := found.get(path)) is not None:
            return decimal(text)
    return None


def decimal(text: str | None) -> Decimal | None:
    """A text as xs:decimal; None when it is absent or none."""
    return Decimal(text) if text is not None and _DECIMAL.fullmatch(text) else None


def date_in(found: Flat, *paths: str) -> date | None:
    """The date at the first path that has text."""
    return _date(text_in(found, *paths))


def each(element: etree._Element | None, path: str) -> Iterator[etree._Element]:
    """Every element at a path of local names below *element*: `each(root, "Party/PartyName/Name")`."""
    if element is None:
        return
    name, _, rest = path.partition("/")
    for child in element:
        if local(child) == name:
            if rest:
                yield from each(child, rest)
            else:
                yield child


def first(element: etree._Element | None, *paths: str) -> etree._Element | None:
    """The first element at the first path that has one with content."""
    for path in paths:
        for found in each(element, path):
            if len(found) or (found.text and found.text.strip()):
                return found
    return None


def text_of(element: etree._Element | None) -> str | None:
    """The text of an element, white space collapsed; None when there is none."""
    return None if element is None or not element.text else " ".join(element.text.split()) or None


def text_at(element: etree._Element | None, *paths: str) -> str | None:
    """The text at the first path that has one; None when there is none."""
    return text_of(first(element, *paths))


def amount_of(element: etree._Element | None) -> Decimal | None:
    """The xs:decimal of an element; None when it is absent or no decimal."""
    text = text_of(element)
    return Decimal(text) if text is not None and _DECIMAL.fullmatch(text) else None


def amount_at(element: etree._Element | None, *paths: str) -> Decimal | None:
    """The xs:decimal at the first path that has text; None when it is absent or no decimal."""
    return amount_of(first(element, *paths))


def date_at(element: etree._Element | None, *paths: str) -> date | None:
    """The date at the first path that has text: ISO with or without a zone, or the eight figures of CII."""
    return _date(text_at(element, *paths))


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    if (written := _DAY.fullmatch(text)) is not None:  # as a machine writes it: no year is too long ago to be meant
        try:
            return date(*(int(part) for part in written.groups()))
        except ValueError:
            return None
    return parse_sure_date(re.sub(r"(?<=\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", "", text))


def joined(element: etree._Element | None, *paths: str) -> str | None:
    """What stands at all the paths, in one line: an address."""
    found = [text for path in paths if (text := text_at(element, path)) is not None]
    return ", ".join(found) or None


def not_a_number(text: str) -> Defect:
    """An amount that is not written as XML writes decimals: `2400,00`."""
    return Defect("not_a_number", f"{text.strip()[:30]} is not written as a number with a decimal point (xs:decimal).")


def not_decimals(element: etree._Element | None) -> Iterator[Defect]:
    """The amounts of a group of totals that are no xs:decimal."""
    for child in () if element is None else element:
        text = text_of(child)
        if text and local(child).endswith("Amount") and not _DECIMAL.fullmatch(text):
            yield not_a_number(text)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
