"""A value that can be read in more than one way, with all the ways: what nothing settles is asked, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[T]):
    """What was written, and every value it may mean, the likelier first."""

    text: str
    candidates: tuple[T, ...]
