"""All workflows: the shipped ones and those that plug-ins bring, by the same entry point."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from templates.environment import notices
from templates.folders import GROUP as WORDS
from workflows.engine.workflow import Step, Workflow
from workflows.errors import WrongDeclaration

GROUP = "postroom.workflows"


@cache
def all_workflows() -> dict[str, Workflow[Any, Any]]:
    """Every workflow by its kind."""
    from workflows.shipped import SHIPPED

    found: dict[str, Workflow[Any, Any]] = {}
    known = frozenset(notices())
    for declared in (*SHIPPED, *(_loaded(entry) for entry in entry_points(group=GROUP))):
        if not isinstance(declared, Workflow):
            raise WrongDeclaration(f"entry point group {GROUP}: {declared!r} is no Workflow")
        if declared.kind in found:
            raise WrongDeclaration(f"workflow {declared.kind} is declared twice")
        declared.check_aliases()
        _require_words(declared, known)
        found[declared.kind] = declared
    return found


def _require_words(declared: Workflow[Any, Any], known: frozenset[str]) -> None:
    """A notice without words would be found missing only when its mail is due."""
    for step in declared.steps.values():
        for told in step.tells.values():
            for _, name in told:
                if name not in known:
                    raise WrongDeclaration(
                        f"workflow {declared.kind}: step {step.name} tells {name}, and there is no"
                        f" mails/{name}/subject.txt in templates/ or in a folder of the entry point {WORDS}"
                    )


def _loaded(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except WrongDeclaration:
        raise
    except Exception as error:  # whatever a plug-in's import raises is said with the plug-in's name
        raise WrongDeclaration(f"entry point {entry.name} = {entry.value}: {type(error).__name__}: {error}") from error


def workflow(kind: str) -> Workflow[Any, Any]:
    """The workflow of *kind*; raises KeyError."""
    return all_workflows()[kind]


def step_named(full_name: str) -> Step:
    """The step with the full name, `invoice.confirm`; raises KeyError."""
    kind, _, name = full_name.partition(".")
    return workflow(kind).named(name)
