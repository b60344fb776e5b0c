"""All workflows: the shipped ones and those that plug-ins bring, by the same entry point."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from workflows.engine.workflow import Step, Workflow
from workflows.errors import WrongDeclaration

GROUP = "postroom.workflows"


@cache
def all_workflows() -> dict[str, Workflow[Any, Any]]:
    """Every workflow by its kind."""
    from workflows.shipped import SHIPPED

    found: dict[str, Workflow[Any, Any]] = {}
    for declared in (*SHIPPED, *(_loaded(entry) for entry in entry_points(group=GROUP))):
        if not isinstance(declared, Workflow):
            raise WrongDeclaration(f"entry point group {GROUP}: {declared!r} is no Workflow")
        if declared.kind in found:
            raise WrongDeclaration(f"workflow {declared.kind} is declared twice")
        declared.check_aliases()
        found[declared.kind] = declared
    return found


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
