"""Describes the declared workflows: state tables, diagrams, who may do what, and the names that stored rows carry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.engine.workflow import Step, Workflow
from workflows.errors import NamesChanged


def state_table(flow: Workflow[Any, Any]) -> str:
    """The steps of a workflow as a Markdown table: from where, to where, who may, with which proof, who is told."""
    lines = ["| step | from | to | who may | proof | tells |", "|---|---|---|---|---|---|"]
    for step in flow.steps.values():
        sources = ", ".join(s.value for s in step.sources) or "(new)"
        targets = ", ".join(s.value for s in step.targets)
        proof = step.trust.name.lower().replace("_", " ")
        lines.append(
            f"| `{step.name}`<br>{step.doc} | {sources} | {targets} | {step.who.words} | {proof} | {_told(step)} |"
        )
    return "\n".join(lines)


def state_diagram(flow: Workflow[Any, Any]) -> str:
    """The workflow as a Mermaid state diagram."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in flow.steps.values():
        for source in step.sources or ("[*]",):
            for target in step.targets:
                if source != target:
                    arrows.setdefault((str(source), target.value), []).append(step.name)
    lines = [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    final = [f"    {status.value} --> [*]" for status in flow.final]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *final, "```"])


def permission_table(flows: Iterable[Workflow[Any, Any]]) -> str:
    """Every step of every workflow by who may take it."""
    lines = ["| who | may |", "|---|---|"]
    by_who: dict[str, list[str]] = {}
    for flow in flows:
        for step in flow.steps.values():
            by_who.setdefault(step.who.words, []).append(f"`{step.full_name}`")
    return "\n".join([*lines, *(f"| {who} | {', '.join(names)} |" for who, names in by_who.items())])


def workflow_page(flows: Iterable[Workflow[Any, Any]]) -> str:
    """The page docs/workflows.md."""
    flows = list(flows)
    proof = (
        "Proof: *thread* is holding the reply address; *known* an authenticated known sender or the holder of a link;"
        " *personal* the very person to whom the answered mail or link went; *signed in* a page."
    )
    parts = [
        "# Workflows",
        "Written by `make docs` from the declarations in `workflows/`; a test fails when the two differ.",
        "Notes and comments can be added to every document in every status; they move nothing.",
        proof,
    ]
    for flow in flows:
        parts += [f"## {flow.kind}", state_diagram(flow), state_table(flow)]
    parts += ["## Who may do what", permission_table(flows)]
    return "\n\n".join(parts) + "\n"


def stored_names(flows: Iterable[Workflow[Any, Any]]) -> list[str]:
    """Every name that stands in rows, timers and mailed links: kinds, statuses and steps, old ones included."""
    names = []
    for flow in flows:
        names.append(flow.kind)
        names += [f"{flow.kind} status {name}" for name in sorted({*(s.value for s in flow.statuses), *flow.aliases})]
        names += [f"{flow.kind} step {name}" for name in sorted({*flow.steps, *flow.aliases})]
    return names


def require_stored_names(flows: Iterable[Workflow[Any, Any]], snapshot: Iterable[str]) -> None:
    """Raise `NamesChanged` when a name of *snapshot* is neither declared nor an alias any more."""
    known = set(stored_names(flows))
    if gone := [name for name in snapshot if name and name not in known]:
        raise NamesChanged(f"rows still carry {', '.join(gone)}; declare an alias: Workflow(aliases={{old: new}})")


def _told(step: Step) -> str:
    told = [
        f"{status.value}: {reader.value} `{name}`" for status, notices in step.tells.items() for reader, name in notices
    ]
    return "<br>".join(told)
