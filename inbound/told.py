"""An understanding as it is kept with its mail: what explains it later, and what a replay is compared with."""

from __future__ import annotations

from typing import Any

from inbound.understood import About, Understanding
from templates.environment import sentence

LONGEST_NOTE = 2_000


def understanding_as_json(found: Understanding) -> dict[str, Any]:
    """{"home", "subject", "kind", "trust", "steps": [[step, reason]...], "documents": [...]}, ready for JSON."""
    return {
        "home": next((a.document.public_id for a in found.about if a.document), None),
        "subject": found.letter.subject[:200],
        "kind": found.kind.value,
        "trust": found.verdict.level,
        "steps": [list(step) for step in found.steps],
        "documents": [about_as_json(about) | _seen(about) for about in found.about],
    }


def about_as_json(about: About) -> dict[str, Any]:
    """What the mail says about one document."""
    document, actor = about.document, about.writer.actor
    return {
        "document": None if document is None else f"{document.kind} {document.label}",
        "status": None if document is None else document.status.value,
        "thread": about.thread.how,
        "writer": {"side": actor.side.value, "via": actor.via, "trust": actor.trust.name.lower()},
        "actions": [{"action": o.name, "words": o.words, "deciding": o.deciding} for o in about.operations],
        "questions": [{"about": q.about, "text": sentence(q.text, dict(q.params))} for q in about.questions],
        "note": about.note[:LONGEST_NOTE],
        "read_by": "own side" if about.internal else "both sides",
    }


def _seen(about: About) -> dict[str, Any]:
    """Which document it was, and how it stood: for a replay, not for people."""
    document = about.document
    return {
        "id": None if document is None else document.id,
        "version": None if document is None else document.version,
        "company": about.thread.company_id,
    }
