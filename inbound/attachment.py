"""A file in a mail, and its name made safe."""

from dataclasses import dataclass, field

from inbound.headers import UNSEEN, one_line
from inbound.mending import UNNAMED


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: its decoded content, and the name its sender gave it, without folders."""

    name: str
    type: str
    content: bytes = field(repr=False)
    sha256: str
    inline: bool = False
    content_id: str = ""


def file_name(name: str) -> str:
    """Return a name on one line without its folders, at most 255 characters long; empty for one given here."""
    name = one_line(name).translate(UNSEEN).replace("\\", "/").rpartition("/")[2]
    return "" if name.startswith(UNNAMED) else name[:255]
