"""What `postroom explain` found, as a person reads it: the steps, what would be done, and the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

MOST_LINES = 12
"""Lines of a note that are shown."""
COLOURS = {"action": "green", "question": "yellow", "caution": "red", "failure": "bold red"}


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


def show(found: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the same on a terminal: a table of steps, then each document, then the answer in a frame."""
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    console = console or Console()
    console.print(Text.assemble("A mail from ", (found["from"] or "nobody", "bold")))
    steps = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for n, (step, reason) in enumerate(found["steps"], 1):
        steps.add_row(f"{n}", Text(step, "cyan"), Text(reason, COLOURS.get(step, "")))
    console.print(steps)
    for document in found["documents"]:
        head, *rest = _document(document)
        rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for line in rest:
            rows.add_row(Text(line[2:12].strip(), "cyan"), Text(line[13:]))
        console.print(Group(Text(head, "bold"), rows))
    answer = found["answer"]
    if answer is None:
        console.print(Text("No answer would go out.", "dim"))
    else:
        title = f"The answer that would go out to {answer['to']}: {answer['subject']}"
        console.print(Panel(Text(answer["text"].strip()), title=Text(title), title_align="left"))
    for mail in found["others"]:
        console.print(Text(f"Also to {mail['to']}: {mail['subject']}"))


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
        lines = [line for line in document["note"].splitlines() if line.strip()]
        for number, line in enumerate(lines[:MOST_LINES]):
            yield f"  {'' if number else 'note':10} {line}"
        if len(lines) > MOST_LINES:
            yield f"  {'':10} … and {len(lines) - MOST_LINES} more lines"
    yield f"  read by    {document['read_by']}"
