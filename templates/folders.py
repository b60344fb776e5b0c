"""Where words lie: in this room, and in the folders that plug-ins bring by the entry point `postroom.words`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

GROUP = "postroom.words"
ROOM = Path(__file__).parent


class WordsMissing(Exception):
    """Raised when a plug-in names a folder of words that is not there."""


@cache
def folders() -> tuple[Path, ...]:
    """Every folder that may hold `mails`, `pages`, `phrases` and `locales`, ours first: what we say stays as it is."""
    return (ROOM, *plugged_in())


@cache
def plugged_in() -> tuple[Path, ...]:
    """The folders of the plug-ins, in the order of their names."""
    return tuple(_folder(entry) for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name))


def _folder(entry: EntryPoint) -> Path:
    try:
        spec = find_spec(entry.value)
    except ImportError as error:
        raise WordsMissing(f"entry point {entry.name} = {entry.value} of {GROUP}: {error}") from error
    if spec is None or not spec.submodule_search_locations:
        raise WordsMissing(f"entry point {entry.name} = {entry.value} of {GROUP} is no folder that can be imported")
    return Path(next(iter(spec.submodule_search_locations)))
