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


class NotSaid(PostroomError):
    """Raised when a command was not told all that it needs and there is no terminal to ask at."""

    exit_code = 2

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"Not said: {', '.join(names)}. Give them with the command, or answer at a terminal.")


class NothingHere(PostroomError):
    """Raised when a command is run where there is no installation."""

    def __init__(self, database: object) -> None:
        super().__init__(
            f"There is no Postroom here: {database} does not exist. Go to its folder, or name its postroom.toml in"
            " POSTROOM_CONFIG; `postroom init` makes a new one."
        )
