"""Which errors a person can mend, and how each is put in words."""

from __future__ import annotations

from pathlib import Path

from postroom.errors import PostroomError, SettingsNotUsable


def unforeseen(error: BaseException) -> str:
    """What to say of a fault that is ours: which it is and where, for a report, without a traceback."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f" at {'/'.join(Path(last.tb_frame.f_code.co_filename).parts[-2:])}:{last.tb_lineno}" if last else ""
    return (
        f"A fault of Postroom's own: {type(error).__name__}{where}. Please report it with this line;"
        " POSTROOM_LOG_LEVEL=debug shows more."
    )


def in_words(error: BaseException) -> str | None:
    """What is wrong and what to do next, or None for a fault of our own."""
    if isinstance(error, SettingsNotUsable):
        return "The settings need mending:\n" + "\n".join(f"  * {fault}" for fault in error.faults)
    if isinstance(error, PostroomError):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used ({reason_of(error)}): mend its owner or permission, or the settings."
    return _of_the_rooms(error)


def reason_of(error: BaseException) -> str:
    """The innermost reason of *error*, on one line: what the system, the server or the library said."""
    cause = getattr(error, "orig", None) or getattr(error, "reason", None) or error
    said = getattr(cause, "strerror", None) or str(cause).strip() or type(cause).__name__
    return " ".join(said.splitlines()[0].split())[:200]


def _of_the_rooms(error: BaseException) -> str | None:
    from sqlalchemy.exc import OperationalError

    from store.errors import SchemaNotCurrent, StoreError
    from workflows.errors import Refusal

    if isinstance(error, SchemaNotCurrent):
        return "The database is not at the schema of this version: run `postroom migrate`, then start again."
    if isinstance(error, OperationalError):
        reason = reason_of(error)
        if "no such table" in reason:
            return "The database has no tables yet: run `postroom migrate`, then start again."
        return f"The database does not answer ({reason}). Check POSTROOM_DATABASE_URL and that the server runs."
    if isinstance(error, (Refusal, StoreError)):
        return str(error) or type(error).__name__
    return None
