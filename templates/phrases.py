"""The phrases by which people ask for things in their answers, one TOML file a language.

Tables are keyed by action name; `docs/add-a-language.md` says what each list is for. English is the reference: another
language has the same tables. What an action takes along (a reason, say) is the same in every language: `_actions.toml`;
signs and symbols are too: `_shared.toml`. A plug-in's files of the same names hold the tables of its own actions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from templates.folders import plugged_in
from templates.numerals import counted

FOLDER: Final = Path(__file__).with_name("phrases")
GENERAL: Final = (
    "sets", "words", "numbers", "counting", "ordinals", "lines", "units", "currencies", "days", "nouns"
)  # fmt: skip
"""The tables that are no actions."""

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sayings:
    """How one action is asked for: whole clauses, openings that a reason follows, and words that only hint at it.

    `says` ask for it in any order among words that are `neutral`, or stand in `beside` for this action. `performs` do
    too, and like `says` even among words that nobody knows, where the clause is the writer's own and nothing limits it.
    """

    phrases: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    performs: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that one language file says."""

    code: str
    sets: Words
    words: Words
    short_forms: tuple[tuple[str, str], ...]
    letters: tuple[tuple[str, str], ...]
    accented: tuple[tuple[str, str], ...]
    numbers: Words
    counting: Words
    ordinals: Words
    lines: Words
    units: Words
    currencies: Words
    days: Words
    nouns: Words
    actions: Mapping[str, Sayings]


@dataclass(frozen=True, slots=True)
class Trait:
    """What an action is in every language: whether it decides, what it takes along, whether it turns something down."""

    kind: Literal["decides", "data"] = "decides"
    reason: Literal["", "kept", "needed"] = ""
    against: bool = False


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a phrase file, English first."""
    codes = sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_"))
    return tuple(sorted(codes, key=lambda code: code != "en"))


@cache
def language(code: str) -> Language:
    """Read one language file.

    Raises `FileNotFoundError` for a language that we do not have.
    """
    table = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    shared = tomllib.loads((FOLDER / "_shared.toml").read_text("utf-8"))
    words = dict(table["words"])
    pairs: dict[str, Any] = {
        kind: tuple((one, other) for one, other in words.pop(kind, []))
        for kind in ("short_forms", "letters", "accented")
    }
    tables: dict[str, Any] = {name: _words(table[name], shared.get(name, {})) for name in GENERAL if name != "words"}
    tables["numbers"] = counted(tables["numbers"], tables["counting"]["tens"])
    return Language(
        code=table["language"],
        **pairs,
        words=_words(words, shared["words"]),
        **tables,
        actions={
            name: Sayings(**{kind: tuple(texts) for kind, texts in said.items()})
            for name, said in {**_brought(f"{code}.toml"), **table}.items()
            if isinstance(said, dict) and name not in GENERAL
        },
    )


@cache
def traits() -> Mapping[str, Trait]:
    """What each action is, whatever the language."""
    table = {**_brought("_actions.toml"), **tomllib.loads((FOLDER / "_actions.toml").read_text("utf-8"))}
    return {name: Trait(**said) for name, said in table.items()}


def trait(action: str) -> Trait:
    """What this action is; one that nobody described decides something and takes nothing along."""
    return traits().get(action, Trait())


def _brought(name: str) -> dict[str, Any]:
    """The tables of a file that plug-ins bring; the first of two of one name."""
    files = [folder / "phrases" / name for folder in plugged_in()]
    found: dict[str, Any] = {}
    for file in files:
        if file.is_file():
            found = {**tomllib.loads(file.read_text("utf-8")), **found}
    return found


def _words(table: Mapping[str, Any], shared: Mapping[str, Any]) -> Words:
    """The lists of a table, each with what is written alike in every language."""
    return {name: (*table.get(name, ()), *shared.get(name, ())) for name in {**table, **shared}}
