"""Puts files to a document without words: the supplier's PDF beside its invoice, drawings beside a proposal."""

from __future__ import annotations

from typing import Any

from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.journal import record_event
from workflows.engine.perform import Performed, keep_files
from workflows.notes import begin

STEP = "attach"


def attach_files(document: Document[Any] | int, act: Act) -> Performed:
    """Keep the act's files with the document, for both sides to see; nobody is told until the next step is taken."""
    current, done = begin(document, act)
    if done:
        return done
    event_id = record_event(act, current, STEP, f"{current.kind}.files_added", current.status.value)
    keep_files(current, event_id, act)
    return Performed(current, event_id, current.status.value, current.status.value)
