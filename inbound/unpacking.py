"""Files and texts out of what they are wrapped in: winmail.dat, uuencode, opaque S/MIME, a ZIP.

The wrapping stays an attachment as it came; what was in it stands behind it.
"""

import hashlib
import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inbound import signed, tnef, uuencode
from inbound.attachment import Attachment, file_name
from inbound.documents import zipped
from inbound.documents.format import DocumentUnreadable, Source

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_UUENCODED = b"begin "


@dataclass(slots=True)
class Room:
    """How many bytes may still come out of the ZIPs of a mail, forwarded messages included."""

    left: int = field(default_factory=lambda: zipped.zip_limits().of_a_mail)


def files_in(packed: Attachment, defects: list[str], room: Room | None = None) -> Iterator[Attachment]:
    """Yield the files that an attachment holds, if it is such a wrapping; what is wrong with it joins the defects."""
    if zipped.claims(Source(packed.content, packed.name)):
        yield from _unzipped(packed, defects, room or Room())
        return
    if packed.type in _TNEF or packed.name.lower() == "winmail.dat":
        winmail = tnef.unpack(packed.content)
        if winmail is None or not winmail.whole:
            defects.append("a winmail.dat is broken, it was unpacked as far as it goes")
        for file in winmail.files if winmail else ():
            if file.content:
                yield a_file(file.name, file.content, file.type, file.content_id)
    elif packed.content[:2_000].lstrip(b"\r\n").startswith(_UUENCODED):
        text = packed.content.decode("latin-1").replace("\r\n", "\n").lstrip("\n")
        rest, files = uuencode.unpack(text, whole=False)
        if not rest.strip():
            yield from (a_file(name, content) for name, content in files)
    elif packed.type in signed.SMIME and signed.signed_content(packed.content) is None:
        defects.append("the mail is encrypted (S/MIME), it was kept unread")
    elif packed.type in signed.ENCRYPTED:
        defects.append("the mail is encrypted (PGP), it was kept unread")


def _unzipped(packed: Attachment, defects: list[str], room: Room) -> Iterator[Attachment]:
    """The files of a ZIP, all or none of them: half of a parcel would look like the whole. ZIPs in it stay closed."""
    try:
        files = list(zipped.files_of(packed.content, room.left))
    except DocumentUnreadable as error:
        defects.append(f"a ZIP was not opened: {error.defect.code}")
        return
    room.left -= sum(len(content) for _, content in files)
    yield from (a_file(name, content) for name, content in files if content)


def words_in(attachments: Iterable[Attachment]) -> tuple[str, str]:
    """Return the text and the HTML that a winmail.dat holds beside its files."""
    for packed in attachments:
        winmail = tnef.unpack(packed.content) if packed.type in _TNEF else None
        if winmail and (winmail.text.strip() or winmail.html.strip()):
            return winmail.text, winmail.html
    return "", ""


def a_file(name: str, content: bytes, kind: str = "", content_id: str = "") -> Attachment:
    """Return an unpacked file as an attachment; without a type its name tells one."""
    name = file_name(name)
    kind = kind if "/" in kind else (mimetypes.guess_type(name)[0] or "application/octet-stream")
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(name, kind.lower(), content, digest, inline=bool(content_id), content_id=content_id)
