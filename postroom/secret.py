"""The secret that links and reply addresses are signed with: from the settings, or made at the first start."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from postroom.errors import PostroomError
from postroom.settings import Settings

FILE = "secret"


def secrets_of(settings: Settings) -> tuple[bytes, ...]:
    """The secrets in the order in which they are tried: the present one signs, the previous one is still accepted."""
    present = settings.secret.get_secret_value() if settings.secret else _own(settings.data / FILE)
    previous = settings.secret_previous
    given = (present, previous.get_secret_value() if previous else None)
    return tuple(value.encode() for value in given if value)


def _own(path: Path) -> str:
    """The secret in *path*, made there for its owner alone if there is none; two processes at once get the same."""
    try:
        if not path.exists():
            _make(path)
        value = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PostroomError(
            f"The secret in {path} cannot be read or made ({error}). Let this user own the folder, or set POSTROOM_DATA"
            " to another one, or give POSTROOM_SECRET."
        ) from error
    if len(value) < 16:
        raise PostroomError(
            f"The secret in {path} is too short to be ours. Bring back the old file from a backup: with another secret,"
            " every link and reply address that was mailed stops working."
        )
    return value


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        Path(path).hardlink_to(name)  # fails if another process was first; its secret holds then
    except FileExistsError:
        return
    finally:
        Path(name).unlink()
