"""Files and texts out of what mail programs wrap them in: winmail.dat, uuencode, opaque S/MIME.

The wrapping stays an attachment as it came; what was in it stands behind it.
"""

import hashlib
import mimetypes
from collections.abc import Iterable, Iterator

from inbound import signed, tnef, uuencode
from inbound.attachment import Attachment, file_name

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_UUENCODED = b"begin "


def files_in(packed: Attachment, defects: list[str]) -> Iterator[Attachment]:
    """Yield the files that an attachment holds, if it is such a wrapping; what is wrong with it joins the defects."""
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
