"""A parsed mail mended before mail-parser reads it, where mail-parser would lose or mix what the mail says.

Forwarded messages and reports are taken out, so that a stranger's words never join the author's; files without a
name get one, so that they stay files; text in a seven-bit stateful charset is decoded; bodies that were cut out by
`inbound.skeleton` are put back where they are text.
"""

import base64
import codecs
import mimetypes
import quopri
from dataclasses import dataclass, field
from email.errors import StartBoundaryNotFoundDefect
from email.message import Message
from typing import Any

from inbound.flowed import unflow
from inbound.skeleton import CUT_BYTES, Limits, lenient_base64

_BODY = ("text/plain", "text/html")
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_TEXTUAL = frozenset({"", "7bit", "8bit", "quoted-printable"})
_UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_STATEFUL = ("iso-2022-", "utf-7", "hz", "unicode-1-1-utf-7")
_ALIASES = {
    "windows-874": "cp874",
    "iso-gb2312": "gb18030",
    "x-gbk": "gb18030",
    "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
"""Names of charsets that mail programs write and Python does not know."""
UNNAMED = "unnamed-"
"""Begins the names that are given here, so that they can be told from a sender's."""


@dataclass(slots=True)
class Mended:
    """What was taken out of a mail: forwarded messages, parsed or still bytes, and reports with their text."""

    message: Message
    messages: list[tuple[Message, Message | bytes]] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    held: list[tuple[Message, object]] = field(default_factory=list)
    bodies: list[tuple[str, bool]] = field(default_factory=list)
    """The types of the texts in their order, and whether each stands beside a plain text that says the same."""

    def has_html_alone(self) -> bool:
        """Tell whether an HTML text stands before plain texts that do not repeat it.

        An HTML text behind a plain one is what a list or a mail system added.
        """
        kinds = [kind for kind, _beside in self.bodies]
        return kinds[:1] == ["text/html"] and "text/plain" in kinds and not self.bodies[0][1]

    def hold(self, part: Message) -> None:
        """Take the content of a part away until `restore`."""
        self.held.append((part, part.get_payload()))
        part.set_payload("")

    def restore(self) -> Message:
        """Give the parts that were taken out their content back, and return the message."""
        for part, payload in self.held:
            part._payload = payload  # type: ignore[attr-defined]  # set_payload would encode it
        return self.message


def mend(message: Message, cuts: dict[str, bytes], limits: Limits, defects: list[str]) -> Mended:
    """Mend the parsed message in place, down to its leaves, and return what was taken out of it."""
    mended = Mended(message)
    waiting = [(message, False)]
    has_body = False
    count = 0
    while waiting:
        part, has_plain = waiting.pop()
        count += 1
        if count > 4 * limits.parts:
            break
        kind = part.get_content_type()
        payload = part.get_payload() if part.is_multipart() else None
        if kind in _MESSAGES:
            _take_message(part, payload, mended, defects)
        elif kind in _REPORTS:
            mended.reports.append((kind, _report_text(part, payload)))
            mended.hold(part)
        elif kind.startswith("message/") and isinstance(payload, list):
            _keep_as_file(part, payload, count)
        elif isinstance(payload, list):
            if part.get_content_disposition() is not None:
                del part["content-disposition"]
            children = [child for child in payload if isinstance(child, Message)]
            if kind == "multipart/alternative":
                has_plain = any(child.get_content_type() == "text/plain" for child in children)
            waiting += [(child, has_plain) for child in reversed(children)]
        else:
            _mend_leaf(part, kind, count, cuts, defects)
            if kind in _BODY and has_body and part.get_filename() and part.get_content_disposition() == "inline":
                # mail-parser reads a named inline text as a file and as body; behind the body it is a file alone.
                part.replace_header("Content-Disposition", f'attachment; filename="{_plain(part.get_filename())}"')
            if kind in _BODY and not part.get_filename():
                mended.bodies.append((kind, has_plain))
            has_body = has_body or kind in _BODY
    return mended


def _take_message(part: Message, payload: object, mended: Mended, defects: list[str]) -> None:
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if encoding in ("base64", "quoted-printable") and isinstance(inner, Message):
        # RFC 2046 section 5.2.1 forbids it, mail programs do it: the parser saw an encoded body without headers.
        words = inner.get_payload()
        text = words.encode("utf-8", "replace") if isinstance(words, str) else b""
        if encoding == "base64" and not inner.keys():
            mended.messages.append((part, lenient_base64(text)[0]))
        elif encoding == "quoted-printable" and not inner.keys():
            mended.messages.append((part, quopri.decodestring(text)))
        else:
            mended.messages.append((part, inner))
        defects.append("an attached message is encoded, which the standard forbids")
    elif isinstance(inner, Message):
        mended.messages.append((part, inner))
    mended.hold(part)


def _keep_as_file(part: Message, payload: list[Any], number: int) -> None:
    """Make a file of a message part that is neither a message nor a report, such as message/external-body."""
    text = "\n\n".join(child.as_string() for child in payload[:10])
    part.set_payload(text.removesuffix("\n") if text.endswith("\n\n") else text)
    if not part.get_filename():
        part.add_header("Content-Disposition", "attachment", filename=f"{UNNAMED}{number}.bin")


def _plain(name: object) -> str:
    return str(name).replace('"', "").replace("\\", "")


def _report_text(part: Message, payload: object) -> str:
    if isinstance(payload, list):
        blocks: list[str] = []
        for child in payload[:500]:
            blocks.append("\n".join(f"{name}: {value}" for name, value in child.raw_items()))
            # The parser takes a report of another type than message/delivery-status for a mail with a body.
            rest = child.get_payload(decode=True) if part.get_content_type() != "message/delivery-status" else None
            blocks += [rest.decode("utf-8", "replace").replace("\r\n", "\n").strip()] if isinstance(rest, bytes) else []
        text = "\n\n".join(block for block in blocks if block)
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _mend_leaf(part: Message, kind: str, number: int, cuts: dict[str, bytes], defects: list[str]) -> None:
    if any(isinstance(defect, StartBoundaryNotFoundDefect) for defect in part.defects):
        defects.append("a part announces parts that it does not have")
        part.defects = [d for d in part.defects if not isinstance(d, StartBoundaryNotFoundDefect)]
    if kind.startswith("multipart/"):
        del part["content-type"]
        kind = "text/plain"
    named = bool(part.get_filename())
    disposition = part.get_content_disposition()
    is_file = named or disposition == "attachment" or kind not in _BODY
    payload = part.get_payload()
    if not is_file and isinstance(payload, str):
        cut = cuts.get(payload.strip()) if cuts else None
        if cut is not None:
            part.set_payload(cut.decode("ascii", "replace"))
        _decode_text(part, payload)
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if is_file and isinstance(payload, str) and "\r\n" in payload and encoding in _TEXTUAL:
        # The same file must have the same digest, whether the mail came with CRLF (SMTP) or LF (a pipe).
        part._payload = payload.replace("\r\n", "\n")  # type: ignore[attr-defined]  # set_payload would encode it
    if encoding in _UUENCODE and isinstance(payload, str):
        # Kept as it came; what is in it is unpacked behind it.
        raw = payload.replace("\r\n", "\n").encode("utf-8", "replace")
        part._payload = base64.b64encode(raw).decode()  # type: ignore[attr-defined]  # set_payload would encode it
        del part["content-transfer-encoding"]
        part["Content-Transfer-Encoding"] = "base64"
    if is_file and not named:
        ending = mimetypes.guess_extension(kind) or ".bin"
        del part["content-disposition"]
        part["Content-Disposition"] = f'{disposition or "attachment"}; filename="{UNNAMED}{number}{ending}"'


def _decode_text(part: Message, payload: str) -> None:
    """Decode a text where mail-parser would not: stateful charsets in 7 bits, unknown ones, 8 bits of none, flowed."""
    charset = str(part.get_content_charset("") or "").lower()
    encoding = str(part.get("content-transfer-encoding", "7bit")).strip().lower()
    flowed = part.get_content_type() == "text/plain" and str(part.get_param("format", "")).lower() == "flowed"
    if flowed:
        pass
    elif charset.startswith(_STATEFUL):
        if encoding not in ("7bit", "8bit", ""):
            return
    elif _is_known(charset) if charset else payload.isascii() and encoding not in ("quoted-printable", "base64"):
        return
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    for candidate in (_ALIASES.get(charset, charset), "utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(candidate or "utf-8")
            text.encode("utf-8")
        except (LookupError, ValueError):
            continue
        break
    if flowed:
        text = unflow(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    part._payload = text  # type: ignore[attr-defined]  # set_payload would encode it again
    kind = part.get_content_type()
    del part["content-type"]
    del part["content-transfer-encoding"]
    part["Content-Type"] = f'{kind}; charset="utf-8"'


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return True


def attachment_content(payload: str, cuts: dict[str, bytes], defects: list[str]) -> bytes:
    """Return the bytes of an attachment from its base64 text or from the cut that this text stands for."""
    cut = cuts.get(payload.strip()) if cuts and len(payload) < 100 else None
    content, well_formed = lenient_base64(payload.encode("ascii", "replace") if cut is None else cut)
    if cuts and cut is None and CUT_BYTES.search(content):
        content = CUT_BYTES.sub(lambda match: cuts.get(match.group().decode(), b""), content)
    if not well_formed:
        defects.append("an attachment's base64 is broken, it was decoded as far as it goes")
    return content
