"""What can go wrong at the door; each message says what to do next."""

from __future__ import annotations


class PostroomError(Exception):
    """The base of all: a fault that a person can mend; its text is shown without a traceback."""


class SettingsNotUsable(PostroomError):
    """Raised when settings are missing or wrong; `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class AlreadyServing(PostroomError):
    """Raised when another process serves the same SQLite database: there may be one only."""


class NotForSqlite(PostroomError):
    """Raised when one role alone is started on SQLite, which means one serving process."""


class ListenFailed(PostroomError):
    """Raised when a place to listen on is taken or not ours."""


class FileNotReadable(PostroomError):
    """Raised when a file that a command was given cannot be read."""

    def __init__(self, file: object, error: OSError) -> None:
        super().__init__(f"{file} cannot be read: {error.strerror or error}. Check the name and its permission.")
