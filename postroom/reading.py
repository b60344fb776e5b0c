"""`read`, `understand` and `explain`: one answer for each file or line, whatever it holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from postroom.errors import FileNotReadable, PostroomError
from postroom.explained import explained, show

if TYPE_CHECKING:
    from store.installation import Installation

MANY = 10
MAX_LINE = 4 * 1024 * 1024


def read(
    files: Sequence[Path], *, as_json: bool, engine: Literal["auto", "text"] = "auto", validate: bool = False
) -> None:
    """Print one object for each of *files*, in order; one that cannot be read has `defects`.

    With `validate` the rules that an e-invoice breaks by the norm's own check stand among them.
    """
    from inbound.read_mail import read_file

    for file in _with_progress(files):
        found = read_file(file, engine)
        if validate:
            found["defects"] = [*found.get("defects", []), *_broken(file)]
        _print(found, as_json=as_json)


def _broken(file: Path) -> Iterator[dict[str, str]]:
    from inbound.documents.validating import ValidatorMissing, can_validate
    from inbound.reader import broken_rules

    if not can_validate():
        raise PostroomError(str(ValidatorMissing()))
    try:
        content = file.read_bytes()
    except OSError:
        return  # told already, by who read it
    yield from ({"code": defect.code, "text": defect.text} for defect in broken_rules(content))


def understand(file: Path, *, as_json: bool) -> None:
    """Print what each line of *file* means, in order; a line that is no case has `defects`."""
    from inbound.meaning.understand import understand_line

    for line in _lines(file):
        try:
            case = json.loads(line)
            if not isinstance(case, dict):
                raise ValueError("a line must be one")
        except ValueError as error:
            found = {
                "id": None,
                "actions": [],
                "questions": False,
                "ask": [],
                "note": "",
                "defects": [f"no JSON object: {error}"],
            }
        else:
            found = understand_line(case)
        _print(found, as_json=as_json)


def explain(installation: Installation, file: Path, *, as_json: bool) -> None:
    """Print how the mail in *file* would be understood, each step with its reason."""
    from inbound.explain import explain as explanation

    try:
        source = file.read_bytes()
    except OSError as error:
        raise FileNotReadable(file, error) from error
    found = explanation(installation, source)
    if as_json:
        _print(found, as_json=True)
    elif sys.stdout.isatty():
        show(found)
    else:
        typer.echo("\n".join(explained(found)))


def _with_progress(files: Sequence[Path]) -> Iterable[Path]:
    """*files*, with a bar on the terminal where there are many and their objects go elsewhere."""
    if len(files) < MANY or not sys.stderr.isatty() or sys.stdout.isatty():
        return files
    from rich.console import Console
    from rich.progress import track

    return track(files, "Reading", console=Console(stderr=True))


def _lines(file: Path) -> Iterator[str]:
    try:
        with sys.stdin if str(file) == "-" else file.open(encoding="utf-8", errors="replace") as lines:
            while line := lines.readline(MAX_LINE):
                if line.strip():
                    yield line
    except OSError as error:
        raise FileNotReadable(file, error) from error


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, default=str).encode("utf-8", "replace"))
        return
    for line in _as_text(found):
        typer.echo(line.encode("utf-8", "replace"))
    typer.echo()


def _as_text(value: Any, indent: str = "") -> Iterator[str]:
    """*value* as indented `name: value` lines; what is empty is left out."""
    pairs = value.items() if isinstance(value, dict) else ((f"{i}", item) for i, item in enumerate(value, 1))
    for name, item in pairs:
        if item is None or item == "" or item == [] or item == {}:
            continue
        if isinstance(item, (dict, list, tuple)):
            yield f"{indent}{name}:"
            yield from _as_text(item, indent + "  ")
        else:
            first, *more = str(item).splitlines() or [""]
            yield f"{indent}{name}: {first}"
            yield from (f"{indent}  {line}" for line in more)
