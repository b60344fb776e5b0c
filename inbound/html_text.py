"""HTML as lines of text, each with a mark where the markup says whose words they are.

Only tree walking with a stack, no recursion; what is hidden is left out, nothing is fetched.
"""

import re
from enum import StrEnum
from html import unescape

from lxml import etree, html

HTML_CHARS = 500_000
"""So much of an HTML text is read."""

_BLOCK_NAMES = (
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header"
    " hr html li main nav ol p pre section table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SKIPPED = frozenset(
    ("head", "style", "script", "title", "meta", "link", "noscript", "template", "svg", "object", "iframe")
)
_SPACED = frozenset(("p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"))
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_QUOTING = (
    "gmail_attr",
    "moz-cite-prefix",
    "yahoo_quoted",
    "gmail_extra_quote",
    "protonmail_quote",
    "zmail_extra",
    "tutanota_quote",
)
_SIGNING = ("gmail_signature", "moz-signature", "protonmail_signature_block")
_REST = ("divrplyfwdmsg", "olk_src_body_section", "stopspelling", "mail-editor-reference-message-container")


class Mark(StrEnum):
    """What the markup says of a line: quoted, signature, or that somebody else's words begin here."""

    QUOTED = "quoted"
    SIGNATURE = "signature"
    REST = "rest"


def html_lines(source: str, limit: int = HTML_CHARS) -> tuple[list[str], list[Mark | None]]:
    """Return the lines of an HTML text, each ending in LF, with their marks; lines of more than `limit` bytes not."""
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, recover=True, huge_tree=False, encoding="utf-8"
    )
    try:
        root = html.document_fromstring(source[:limit].encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return [""], [None]
    page = _Page()
    page.walk(root)
    if not page.lines:
        # The parser gives up on what is nested some hundred deep.
        rest = unescape(_TAG.sub("\n", source[:limit])).split("\n")
        page.lines = [line + "\n" for line in rest if line.strip()]
        page.marks = [None] * len(page.lines)
    return page.lines or [""], page.marks or [None]


def html_as_text(source: str) -> str:
    """Return an HTML text as plain text, with quote marks before what its markup says is quoted."""
    lines, marks = html_lines(source)
    return "".join(f"> {line}" if mark is Mark.QUOTED else line for line, mark in zip(lines, marks, strict=True)).strip(
        "\n"
    )


class _Page:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marks: list[Mark | None] = []
        self.words: list[str] = []
        self.quoting = 0
        self.signing = 0
        self.rest = False

    def walk(self, root: html.HtmlElement) -> None:
        """Walk the tree with a stack of its own; each element is met twice, going in and coming out."""
        stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                self.leave(element)
                self.write(element.tail)
                continue
            if not isinstance(element.tag, str) or self.is_hidden(element):
                self.write(element.tail)
                continue
            self.enter(element)
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        self.close()

    @staticmethod
    def is_hidden(element: html.HtmlElement) -> bool:
        return element.tag in _SKIPPED or _HIDDEN.search(element.get("style") or "") is not None

    def enter(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.close()
        if tag in _SPACED:
            self.space()
        if self.begins_rest(element):
            self.close()
            self.rest = True
        if self.quotes(element):
            self.close()
            self.quoting += 1
        if self.signs(element):
            self.close()
            self.signing += 1
        if tag == "br":
            self.close(always=True)
        elif tag == "li":
            self.words.append("- ")
        elif tag in ("td", "th") and self.words and self.words[-1] != " ":
            self.words.append(" ")
        elif tag == "hr":
            self.words.append("________________")
            self.close()
        self.write(element.text, keep=tag == "pre")

    def leave(self, element: html.HtmlElement) -> None:
        if element.tag in _BLOCKS:
            self.close()
        if self.quotes(element):
            self.close()
            self.quoting -= 1
        if self.signs(element):
            self.close()
            self.signing -= 1
        if element.tag in _SPACED:
            self.space()

    @staticmethod
    def quotes(element: html.HtmlElement) -> bool:
        names = element.get("class") or ""
        return element.tag == "blockquote" or (bool(names) and any(name in names for name in _QUOTING))

    @staticmethod
    def signs(element: html.HtmlElement) -> bool:
        names = element.get("class") or ""
        return (bool(names) and any(name in names for name in _SIGNING)) or (
            element.get("id") or ""
        ) == "AppleMailSignature"

    @staticmethod
    def begins_rest(element: html.HtmlElement) -> bool:
        name = (element.get("id") or "").lower()
        if name and name.removeprefix("x_") in _REST:
            return True
        style = element.get("style") or ""
        return element.tag == "div" and "border-top" in style and "padding:3" in style.replace(" ", "")

    def write(self, words: str | None, keep: bool = False) -> None:
        if not words:
            return
        if keep:
            for line in words.split("\n"):
                self.words.append(line)
                self.close(always=True)
            return
        words = _SPACE.sub(" ", words).replace("\xa0", " ").replace("\u200b", "")
        if not self.words:
            words = words.lstrip(" ")
        if words:
            self.words.append(words)

    def space(self) -> None:
        if self.lines and self.lines[-1] != "\n":
            self.add("\n")

    def close(self, always: bool = False) -> None:
        line = "".join(self.words).rstrip()
        self.words.clear()
        if line or always:
            self.add(line + "\n")

    def add(self, line: str) -> None:
        self.lines.append(line)
        mark = None
        if self.rest and line.strip():
            mark, self.rest = Mark.REST, False
        elif self.quoting:
            mark = Mark.QUOTED
        elif self.signing:
            mark = Mark.SIGNATURE
        self.marks.append(mark)
