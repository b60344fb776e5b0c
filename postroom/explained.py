"""What `postroom explain` found, as a person reads it: the steps, what would be done, and the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def explained(found: Mapping[str, Any]) -> Iterator[str]:
    """The lines that tell what `inbound.explain.explain` returned."""
    yield f"A mail from {found['from'] or 'nobody'}"
    for step, reason in found["steps"]:
        yield f"  {step:10} {reason}"
    for document in found["documents"]:
        yield ""
        yield from _document(document)
    yield ""
    answer = found["answer"]
    if answer is None:
        yield "No answer would go out."
    else:
        yield f"The answer that would go out to {answer['to']}: {answer['subject']}"
        yield from (f"  | {line}".rstrip() for line in answer["text"].splitlines())
    for mail in found["others"]:
        yield f"Also to {mail['to']}: {mail['subject']}"


def _document(document: Mapping[str, Any]) -> Iterator[str]:
    status = f" ({document['status']})" if document["status"] else ""
    writer = document["writer"]
    yield f"About {document['document'] or 'no document'}{status}, found by {document['thread']}"
    yield f"  as         {writer['side']}, {writer['via']}, trust {writer['trust']}"
    for action in document["actions"]:
        words = f", for “{action['words']}”" if action["words"] else ""
        yield f"  do         {action['action']}{words}"
    for question in document["questions"]:
        yield f"  ask        {question['text']}"
    if document["note"]:
        first, *more = document["note"].splitlines()
        yield f"  note       {first}{' …' if more else ''}"
    yield f"  read by    {document['read_by']}"
