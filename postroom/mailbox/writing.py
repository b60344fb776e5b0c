"""Writing a mail as a mail program does: the quote, the subject, the threading headers, the files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from uuid import uuid4

from postroom.mailbox import mime
from postroom.mailbox.mail import Address, File, Letter, Mail
from postroom.mailbox.showing import inner_html
from store import clock


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail before it is sent; `html` is made from the text where it is empty."""

    author: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        """The envelope's recipients, each once."""
        return tuple(dict.fromkeys(one.address for one in (*self.to, *self.cc)))


def reply(mail: Mail, me: Address, text: str = "", *, everyone: bool = False, quote: bool = True) -> Draft:
    """An answer: to Reply-To where the mail has one, the mail quoted below the text."""
    letter = mail.letter
    to = letter.to if mail.sent else letter.reply_to or (letter.author,)
    taken = {me.address.lower(), *(one.address.lower() for one in to)}
    others = (one for one in (*letter.to, *letter.cc) if one.address.lower() not in taken)
    draft = Draft(
        author=me,
        to=to,
        cc=tuple(others) if everyone else (),
        subject=letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}",
        text=text,
        in_reply_to=letter.message_id,
        references=_references(letter),
    )
    if not quote:
        return draft
    said = f"On {_when(mail)}, {letter.author} wrote:"
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.strip().splitlines())
    body = inner_html(letter.html) if letter.html else html_of(letter.text)
    return replace(
        draft,
        text=f"{text}\n\n{said}\n{quoted}\n",
        html=f'{html_of(text)}<br><div>{escape(said)}</div><blockquote type="cite">{body}</blockquote>',
    )


def forward(mail: Mail, me: Address, to: Sequence[Address] = (), text: str = "", *, whole: bool = False) -> Draft:
    """A mail handed on with its files: below the text, or `whole` as one attached message."""
    letter = mail.letter
    draft = Draft(
        author=me,
        to=tuple(to),
        subject=letter.subject if letter.subject.lower().startswith("fwd:") else f"Fwd: {letter.subject}",
        text=text,
        references=_references(letter),
    )
    if whole:
        return replace(draft, files=(File("forwarded.eml", "message/rfc822", mail.source),))
    head = [
        "---------- Forwarded message ---------",
        f"From: {letter.author}",
        f"Date: {_when(mail)}",
        f"Subject: {letter.subject}",
        f"To: {', '.join(str(one) for one in letter.to)}",
    ]
    lines = "\n".join(head)
    body = inner_html(letter.html) if letter.html else html_of(letter.text)
    return replace(
        draft,
        text=f"{text}\n\n{lines}\n\n{letter.text.strip()}\n",
        html=f"{html_of(text)}<br><div>{'<br>'.join(escape(line) for line in head)}</div><br>{body}",
        files=letter.attachments,
    )


def write(draft: Draft) -> bytes:
    """The source of the mail, ready for DATA: text and HTML, then the files; a new Message-ID each time."""
    text = draft.text.replace("\0", "")
    html = f'<html><body style="font-family:sans-serif">{draft.html or html_of(text)}</body></html>'
    content = mime.many("alternative", [mime.text("plain", text), mime.text("html", html)])
    if draft.files:
        content = mime.many("mixed", [content, *(mime.file(one.name, one.type, one.content) for one in draft.files)])
    head = [
        ("From", mime.mailbox(draft.author.name, draft.author.address)),
        ("To", mime.listed(mime.mailbox(one.name, one.address) for one in draft.to)),
        ("Cc", mime.listed(mime.mailbox(one.name, one.address) for one in draft.cc)),
        ("Subject", mime.words(draft.subject)),
        ("In-Reply-To", mime.ids([draft.in_reply_to])),
        ("References", mime.ids(draft.references)),
    ]
    return _head(draft.author.address.rpartition("@")[2], head) + content


def undelivered(source: bytes, to: str, refused: dict[str, str], relay: str) -> bytes:
    """The report that a relay sends back for recipients that were refused (RFC 3464)."""
    lines = "\n".join(f"  {address}: {answer}" for address, answer in refused.items())
    states = "\n\n".join(
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {_status(answer)}"
        for address, answer in refused.items()
    )
    parts = [
        mime.text("plain", f"Your mail could not be delivered to these addresses:\n\n{lines}\n"),
        mime.raw("message/delivery-status", f"Reporting-MTA: dns; {relay}\n\n{states}\n".encode()),
        mime.raw("text/rfc822-headers", re.split(rb"\r?\n\r?\n", source, maxsplit=1)[0]),
    ]
    head = [
        ("From", mime.mailbox("Mail Delivery System", f"mailer-daemon@{relay}")),
        ("To", mime.mailbox("", to)),
        ("Subject", "Undelivered mail returned to sender"),
        ("Auto-Submitted", "auto-replied"),
    ]
    return _head(relay, head) + mime.many("report; report-type=delivery-status", parts)


def html_of(text: str) -> str:
    """Plain text as HTML: a line for each line, quoted lines in nested blockquotes."""
    out: list[str] = []
    depth = 0
    for line in text.strip("\n").splitlines():
        marks = re.match(r"(?:> ?)*", line)
        level = min(marks[0].count(">") if marks else 0, 10)
        out.append('<blockquote type="cite">' * (level - depth) + "</blockquote>" * (depth - level))
        depth = level
        rest = line[marks.end() :] if marks else line
        out.append(f"<div>{escape(rest) or '<br>'}</div>")
    return "".join(out) + "</blockquote>" * depth


def addresses(written: str) -> tuple[Address, ...]:
    """The addresses in a form's field, divided by comma, semicolon or line; ValueError names one that is none."""
    found = []
    for piece in re.findall(r"(?:\"[^\"]*\"|[^,;\n\"])+", written):
        if not piece.strip():
            continue
        match = re.fullmatch(r"\"?([^<>\"]*)\"?\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@\"]+@[^<>\s@\"]+)", piece.strip())
        if not match:
            raise ValueError(f"“{piece.strip()}” is not an address.")
        found.append(Address((match[1] or "").strip(), match[2] or match[3]))
    return tuple(found)


def _head(domain: str, fields: list[tuple[str, str]]) -> bytes:
    unique = mime.ids([f"<{uuid4()}@{domain}>"])
    fields = [*fields, ("Date", format_datetime(clock.now())), ("Message-ID", unique), ("MIME-Version", "1.0")]
    return "".join(f"{name}: {value}\r\n" for name, value in fields if value).encode()


def _status(answer: str) -> str:
    enhanced = re.search(r"\b[245]\.\d+\.\d+\b", answer)
    return enhanced[0] if enhanced else "5.0.0"


def _references(letter: Letter) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys((*letter.references, letter.message_id)) if one)


def _when(mail: Mail) -> str:
    try:
        moment = parsedate_to_datetime(mail.letter.header("Date"))
    except (ValueError, TypeError, OverflowError):
        moment = mail.at
    return f"{moment:%a, %d %b %Y at %H:%M}"
