"""Which errors a person can mend, and how each is put in words."""

from __future__ import annotations

from postroom.errors import PostroomError, SettingsNotUsable


def in_words(error: BaseException) -> str | None:
    """What is wrong and what to do next, or None for a fault of our own."""
    if isinstance(error, SettingsNotUsable):
        return "The settings need mending:\n" + "\n".join(f"  * {fault}" for fault in error.faults)
    if isinstance(error, PostroomError):
        return str(error)
    return _of_the_rooms(error)


def _of_the_rooms(error: BaseException) -> str | None:
    from sqlalchemy.exc import OperationalError

    from store.errors import SchemaNotCurrent, StoreError
    from workflows.errors import Refusal

    if isinstance(error, SchemaNotCurrent):
        return "The database is not at the schema of this version: run `postroom migrate`, then start again."
    if isinstance(error, OperationalError):
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
        if "no such table" in reason:
            return "The database has no tables yet: run `postroom migrate`, then start again."
        return f"The database does not answer ({reason}). Check POSTROOM_DATABASE_URL and that the server runs."
    if isinstance(error, (Refusal, StoreError)):
        return str(error) or type(error).__name__
    return None
