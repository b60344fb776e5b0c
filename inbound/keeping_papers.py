"""Keeps papers that ask for nothing with the order that they name, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflows.attaching import attach_files
from workflows.engine.act import Act, GivenFile
from workflows.engine.document import Document
from workflows.people import Trust

if TYPE_CHECKING:
    from inbound.answer import Answer
    from inbound.understood import About


def target_of(act: Act, about: About, answer: Answer) -> Document[Any] | None:
    """What the words of the mail, and its files, go to: what was made of it, the thread's, or what a paper names."""
    if answer.documents:
        return answer.documents[-1]
    if about.document is not None:
        return about.document
    named = next((paper.document_id for paper in about.papers if paper.document_id is not None), None)
    return act.load(named) if named is not None else None


def keep_papers(act: Act, about: About, answer: Answer, rest: Sequence[GivenFile]) -> list[GivenFile]:
    """Keep papers with the orders that they name, for both sides, and return the files that are still to be passed on.

    What belongs to the very document that the mail's words go to goes along with them, so that its people are told.
    """
    from inbound.answer import CREATES_NOTHING

    left = {file.sha256: file for file in rest}
    target = target_of(act, about, answer)
    unproved = (about.thread.named or about.document is None) and act.actor.trust < Trust.KNOWN
    listing = {str(entry["words"]) for entry in about.listed}
    for paper in about.papers:
        name = str(paper.entry["words"])
        if target is None:
            if name not in listing:
                answer.refused.append({"text": CREATES_NOTHING, "params": {"name": name}})
            continue
        elsewhere = paper.document_id not in (None, target.id)
        document = target
        if elsewhere and paper.document_id is not None and not about.internal and paper.sha256 in left:
            own = about.document is not None and about.document.id == paper.document_id and not about.thread.named
            if not own and act.actor.trust < Trust.KNOWN:
                answer.unproved.append(name)
                continue
            document = act.load(paper.document_id)
            cause = f"{act.cause}:{document.id}:kept:{paper.sha256[:16]}"
            attach_files(document, replace(act, cause=cause, files=[left.pop(paper.sha256)], nested=0))
        if name not in listing and (elsewhere or not unproved):  # else it is not kept: proof is asked for
            answer.heard.append(dict(paper.kept_with(document)))
    return list(left.values())
