"""A mail or a document file as the object that `postroom read --json` prints."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from inbound.bounces import bounces_of, looks_like_a_bounce
from inbound.documents.document import is_mail, reading_as_json
from inbound.documents.format import Engine
from inbound.forwards import forwarded_text
from inbound.kind import Kind, kind_of
from inbound.letter import Attachment, Forwarded, Letter, Mailbox, read_letter
from inbound.reader import read_content
from inbound.said import split
from inbound.skeleton import from_first_header

log = structlog.get_logger()


def read_file(path: Path | str, engine: Engine = "auto") -> dict[str, Any]:
    """Read one file, a mail or a document, told apart by its content; what cannot be read has `defects`.

    `engine` is "auto" or "text". Documents are read in the child process, as those of mails are.
    """
    name = str(path)
    try:
        content = Path(path).read_bytes()
        if is_mail(from_first_header(content[:16_384])):
            return mail_as_json(read_letter(content), name, engine)
        reading = read_content(content, Path(path).name, engine)
        if reading is None:
            return {
                "file": name,
                "defects": [{"code": "no_document", "text": "The file is neither a mail nor a document."}],
            }
        return reading_as_json(reading, name)
    except OSError as error:
        return {
            "file": name,
            "defects": [{"code": "unreadable", "text": error.strerror or "The file cannot be opened."}],
        }
    except Exception as error:  # noqa: BLE001
        # One file must never cost the line of another: the fault is ours, is logged, and stands in the line.
        log.error("read.failed", file=name, error=type(error).__name__)
        return {"file": name, "defects": [{"code": "failed", "text": "The file could not be read."}]}


def mail_as_json(letter: Letter, file: str, engine: Engine = "auto") -> dict[str, Any]:
    """Return a letter as `postroom read --json` prints it: split, sorted by kind, with the documents in it."""
    kind, why = kind_of(letter)
    parts = split(letter.text, letter.html, letter.subject)
    inside = [_forwarded_as_json(forwarded) for forwarded in letter.forwarded]
    if parts.forwarded:
        inside.insert(0, _forwarded_as_json(forwarded_text(parts.forwarded)))
    defects = [*letter.defects, *parts.defects]
    documents = [document for attached in letter.files() for document in _documents(attached, engine, defects)]
    bounced = kind in (Kind.BOUNCE, Kind.DELAYED) and looks_like_a_bounce(letter, dict(reversed(letter.headers)))
    return {
        "file": file,
        "kind": str(kind),
        "why": why,
        "from": {"name": letter.from_name, "address": letter.author} if letter.author else None,
        "to": [_mailbox_as_json(box) for box in letter.to],
        "cc": [_mailbox_as_json(box) for box in letter.cc],
        "subject": letter.subject,
        "date": letter.date.isoformat() if letter.date else None,
        "message_id": letter.message_id,
        "in_reply_to": list(letter.in_reply_to),
        "references": list(letter.references),
        "text": letter.text,
        "html": letter.html,
        "said": parts.said,
        "signature": parts.signature,
        "quoted": parts.quoted,
        "forwarded": inside,
        "attachments": [_attachment_as_json(attachment) for attachment in letter.attachments],
        "bounces": [
            {
                "recipient": bounce.recipient,
                "status": bounce.status,
                "permanent": bounce.permanent,
                "original_message_id": bounce.original_message_id,
            }
            for bounce in (bounces_of(letter) if bounced else ())
        ],
        "documents": documents,
        "defects": defects,
    }


def _documents(attached: Attachment, engine: Engine, defects: list[str]) -> list[dict[str, Any]]:
    if attached.type.startswith("message/"):
        return []
    try:
        reading = read_content(attached.content, attached.name, engine)
    except Exception as error:  # noqa: BLE001
        # A file that breaks its reader must not cost the mail: the fault is ours, and is logged.
        log.error("read.document_failed", type=attached.type, error=type(error).__name__)
        defects.append(f"{attached.name or 'an attachment'} could not be read")
        return []
    every = () if reading is None else reading.documents
    return [reading_as_json(replace(one, further=()), attached.name) for one in every]


def _mailbox_as_json(box: Mailbox) -> dict[str, str]:
    return {"name": box.name, "address": box.address}


def _attachment_as_json(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "type": attachment.type,
        "size": len(attachment.content),
        "sha256": attachment.sha256,
        "inline": attachment.inline,
    }


def _forwarded_as_json(forwarded: Forwarded) -> dict[str, Any]:
    return {
        "from": _mailbox_as_json(forwarded.sender) if forwarded.sender else None,
        "to": [_mailbox_as_json(box) for box in forwarded.to],
        "date": forwarded.date.isoformat() if forwarded.date else None,
        "subject": forwarded.subject,
        "text": forwarded.text,
    }
