"""The one seam through which Postroom asks what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _source()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Let *source* tell the time (tests, the demo); None gives it back to the system."""
    global _source
    _source = source or _system
