"""What a mailbox page shows: HTML made harmless, mails grouped into conversations."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lxml import html as lxml_html
from lxml.etree import tostring

from postroom.mailbox.mail import Letter, Mail, clean, parsed

# Nothing is fetched for a mail, nothing in it runs; its links open in a tab of their own.
HTML_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
ACTIVE = "script, iframe, frame, frameset, object, embed, applet, base, meta, link, form, noscript, template"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Mails of one mailbox that answer each other, oldest first."""

    mails: tuple[Mail, ...]

    @property
    def last(self) -> Mail:
        return self.mails[-1]

    @property
    def subject(self) -> str:
        """The subject that the conversation began with."""
        bare = re.sub(r"^\s*((re|fwd?|aw|wg)\s*:\s*)+", "", self.mails[0].letter.subject, flags=re.IGNORECASE)
        return bare or "(no subject)"

    @property
    def people(self) -> str:
        """Who writes here, the owner of the mailbox last."""
        others = dict.fromkeys(mail.letter.author.shown for mail in self.mails if not mail.sent)
        owner = "You" if others else f"To {', '.join(one.shown for one in self.last.letter.to) or 'nobody'}"
        return ", ".join([*others, *([owner] if any(mail.sent for mail in self.mails) else [])])


def conversations(mails: Sequence[Mail]) -> tuple[Conversation, ...]:
    """The mails by conversation, the one with the newest mail first.

    Mails belong together that name each other, or the same third mail, in References or In-Reply-To (RFC 5256's
    REFERENCES without its guess by subject).
    """
    groups: dict[str, list[Mail]] = {}
    home: dict[str, str] = {}
    for mail in mails:
        ids = [one for one in (mail.letter.message_id, *mail.letter.references) if one]
        found = list(dict.fromkeys(home[one] for one in ids if one in home))
        key = found[0] if found else mail.id
        for other in found[1:]:
            groups[key] = sorted([*groups[key], *groups.pop(other)], key=lambda one: int(one.id))
            home.update({one: key for one, at in home.items() if at == other})
        groups.setdefault(key, []).append(mail)
        home.update(dict.fromkeys(ids, key))
    return tuple(sorted((Conversation(tuple(g)) for g in groups.values()), key=lambda one: -int(one.last.id)))


def harmless_html(letter: Letter) -> str:
    """The HTML of a mail without anything that runs, loads or submits, its pictures inside it."""
    document = parsed(letter.html)
    if document is None:
        return ""
    names = {name.strip() for name in ACTIVE.split(",")}
    for element in [one for one in document.iter() if one.tag in names or not isinstance(one.tag, str)]:
        if element.getparent() is not None:
            element.drop_tree()
    pictures = {file.content_id: file for file in letter.pictures}
    for element in document.iter():
        _quiet(element)
        if element.tag == "a":
            element.attrib.update({"target": "_blank", "rel": "noopener noreferrer"})
        source = element.get("src", "")
        if source.startswith("cid:") and source[4:] in pictures:
            file = pictures[source[4:]]
            element.set("src", f"data:{file.type};base64,{b64encode(file.content).decode()}")
        elif element.tag == "img" and not source.startswith("data:image/"):
            # It would not be loaded: its words, if any, stand for it instead of a broken frame.
            element.tag, element.text = "span", clean(element.get("alt", ""))
            element.attrib.clear()
    return "<!doctype html>" + tostring(document, encoding="unicode", method="html")


def inner_html(html: str) -> str:
    """What stands inside the body of an HTML mail, as a mail program quotes it."""
    document = parsed(html)
    body = None if document is None else document.find("body")
    if body is None:
        return ""
    return (body.text or "") + "".join(tostring(child, encoding="unicode", method="html") for child in body)


def snippet(letter: Letter, length: int = 140) -> str:
    """The beginning of what a mail says above its signature and its quote, in one line."""
    said = re.split(r"\n-- ?\n|\nOn [^\n]+ wrote:\n", letter.text[:4000], maxsplit=1)[0]
    text = " ".join(chain.from_iterable(line.split() for line in said.splitlines() if not line.startswith(">")))
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def size_of(content: bytes) -> str:
    """The size of a file for people."""
    return (
        f"{max(1, round(len(content) / 1024))} KB" if len(content) < 1_000_000 else f"{len(content) / 1_048_576:.1f} MB"
    )


def _quiet(element: lxml_html.HtmlElement) -> None:
    for name, value in element.items():
        if str(name).startswith("on") or (name in ("href", "src", "action") and _runs(value.strip().lower())):
            try:
                del element.attrib[name]
            except ValueError:  # a name that no tree should hold: nothing of this element is worth keeping
                element.attrib.clear()
                return


def _runs(value: str) -> bool:
    scheme = re.sub(r"[\s\x00-\x1f]", "", value).partition(":")[0]
    return scheme in ("javascript", "vbscript") or (scheme == "data" and not value.startswith("data:image/"))
