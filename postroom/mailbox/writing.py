"""Writing a mail as a mail program does: the quote, the subject, the threading headers, the files."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from uuid import uuid4

from postroom.mailbox.mail import Address, File, Letter, Mail
from postroom.mailbox.showing import inner_html
from store import clock

# Long lines keep a Message-ID whole: the standard library would make encoded words of it. RFC 5322 allows 998.
POLICY = SMTP.clone(max_line_length=500, cte_type="7bit")


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
    message = EmailMessage(policy=POLICY)
    message["From"] = _printed(draft.author)
    for name, people in (("To", draft.to), ("Cc", draft.cc)):
        if people:
            message[name] = ", ".join(_printed(one) for one in people)
    message["Subject"] = _one_line(draft.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{uuid4()}@{draft.author.address.rpartition('@')[2]}>"
    if draft.in_reply_to:
        message["In-Reply-To"] = _one_line(draft.in_reply_to)
    if draft.references:
        message["References"] = _one_line(" ".join(draft.references))
    text = draft.text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "replace").decode()
    message.set_content(text)
    message.add_alternative(
        f'<html><body style="font-family:sans-serif">{draft.html or html_of(text)}</body></html>', subtype="html"
    )
    for file in draft.files:
        _attach(message, file)
    return message.as_bytes()


def undelivered(source: bytes, to: str, refused: dict[str, str], relay: str) -> bytes:
    """The report that a relay sends back for recipients that were refused (RFC 3464)."""
    message = EmailMessage(policy=POLICY)
    message["From"] = f"Mail Delivery System <mailer-daemon@{relay}>"
    message["To"] = to
    message["Subject"] = "Undelivered mail returned to sender"
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{uuid4()}@{relay}>"
    message["Auto-Submitted"] = "auto-replied"
    lines = "\n".join(f"  {address}: {answer}" for address, answer in refused.items())
    message.set_content(f"Your mail could not be delivered to these addresses:\n\n{lines}\n")
    message.add_attachment(_headers_of(source), subtype="rfc822-headers", filename="headers.txt")
    return message.as_bytes()


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
    for piece in re.split(r"[,;\n]", written):
        if not piece.strip():
            continue
        match = re.fullmatch(r"\s*(?:\"?([^<>\"]*?)\"?\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@]+@[^<>\s@]+))\s*", piece)
        if not match:
            raise ValueError(f"“{piece.strip()}” is not an address.")
        found.append(Address(match[1] or "", match[2] or match[3]))
    return tuple(found)


def _attach(message: EmailMessage, file: File) -> None:
    if file.type == "message/rfc822":
        inner = message_from_bytes(file.content, policy=default)
        message.add_attachment(inner, filename=file.name)
        return
    kind = file.type if file.type.count("/") == 1 else mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    main, _, sub = kind.partition("/")
    if main in ("message", "multipart"):
        main, sub = "application", "octet-stream"
    message.add_attachment(file.content, maintype=main, subtype=sub, filename=_one_line(file.name))


def _printed(one: Address) -> str:
    try:
        return str(HeaderAddress(_one_line(one.name), addr_spec=_one_line(one.address)))
    except (ValueError, IndexError):
        return _one_line(one.address)


def _references(letter: Letter) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys((*letter.references, letter.message_id)) if one)


def _when(mail: Mail) -> str:
    try:
        moment = parsedate_to_datetime(mail.letter.header("Date"))
    except (ValueError, TypeError):
        moment = mail.at
    return f"{moment:%a, %d %b %Y at %H:%M}"


def _one_line(value: str) -> str:
    return " ".join(value.split()).encode("utf-8", "replace").decode()


def _headers_of(source: bytes) -> str:
    return re.split(rb"\r?\n\r?\n", source, maxsplit=1)[0].decode("ascii", "replace")
