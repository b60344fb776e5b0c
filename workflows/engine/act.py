"""An act: somebody doing something now, for one cause, inside one write transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from store import clock
from store.installation import Installation
from store.journal import Timer
from store.parties import Company
from workflows.engine.document import Document, load
from workflows.people import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that came with the act; its bytes are in the blob store under `sha256`."""

    name: str
    type: str
    size: int
    sha256: str
    kind: str | None = None
    """What kind of document it was read as, if it is one."""


@dataclass(slots=True)
class Act:
    """Who acts, why, and in which transaction; rules use it to look further and to act on other documents."""

    installation: Installation
    session: Session
    company: Company
    actor: Actor
    cause: str
    mail_id: int | None = None
    in_reply_to: str | None = None
    files: Sequence[GivenFile] = ()
    cautions: Sequence[Mapping[str, object]] = ()
    """What the buyer should know of the sender: sentences with their parameters."""
    now: datetime = field(default_factory=clock.now)
    document: Document[Any] | None = None
    nested: int = 0
    timers: dict[str, datetime] = field(default_factory=dict, init=False)
    """What the rule at work wants to be reminded of; written when its event is."""

    def load(self, document_id: int) -> Document[Any]:
        """Another document, locked."""
        return load(self.session, document_id, lock=True)

    def follow(self) -> Act:
        """An act of the system that follows from this one, with a cause of its own."""
        self.nested += 1
        return replace(self, actor=SYSTEM, cause=f"{self.cause}/{self.nested}", files=(), document=None, nested=0)

    def remind(self, step: str, due: datetime) -> None:
        """Let the system take *step* on this document at *due*, instead of when it was due before."""
        assert self.document is not None
        self.forget(step)
        self.timers[step] = due

    def forget(self, step: str) -> None:
        """Let no timer take *step* on this document."""
        assert self.document is not None
        self.timers.pop(step, None)
        if self.document.id:
            self.session.execute(
                delete(Timer).where(Timer.document_id == self.document.id, Timer.step == step),
                execution_options={"synchronize_session": False},
            )
