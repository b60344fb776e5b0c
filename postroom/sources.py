"""Where settings come from besides the environment: the TOML file, `*_FILE` secrets; and what is wrong, in words."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

PREFIX = "POSTROOM_"
CONFIG = "POSTROOM_CONFIG"
DEFAULT_FILE = Path("postroom.toml")
FROM_FILES = (
    "secret",
    "secret_previous",
    "relay_password",
    "relay_url",
    "database_url",
    "broker_url",
    "imap_url",
    "imap_password",
    "oauth_client_secret",
    "oauth_refresh_token",
    "mailgun_signing_key",
    "postmark_secret",
)
"""What may stand in a file of its own, named by `POSTROOM_..._FILE`: everything that can hold a password."""


def name_of(field: str) -> str:
    """The name of a setting in the environment."""
    return PREFIX + field.upper()


def config_file() -> Path:
    """The TOML file that is read: the one `POSTROOM_CONFIG` names, else `postroom.toml` here."""
    return Path(os.environ.get(CONFIG) or DEFAULT_FILE)


def folder() -> Path:
    """The folder that relative paths in settings start from: the TOML file's where one is read, else this one."""
    return config_file().parent if config_file().is_file() else Path()


def from_toml(known: Collection[str], faults: list[str]) -> dict[str, Any]:
    """What the TOML file says. Without one nothing, unless `POSTROOM_CONFIG` names it: then it must be there."""
    path = config_file()
    if not os.environ.get(CONFIG) and not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path} is not TOML: {error}. Mend that line.")
        return {}
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path} cannot be read ({_reason(error)}): mend {CONFIG} or the file's permission.")
        return {}
    for name in sorted(values.keys() - set(known)):
        del values[name]
        faults.append(f"{path} sets {name}, which is no setting: see docs/settings.md for the names.")
    return values


def from_secret_files(faults: list[str]) -> dict[str, Any]:
    """What stands in the files that `POSTROOM_..._FILE` name; one that cannot be read is a fault, never a default."""
    values: dict[str, Any] = {}
    for field in FROM_FILES:
        name = name_of(field) + "_FILE"
        path = os.environ.get(name)
        if not path:
            continue
        if os.environ.get(name_of(field)):
            faults.append(f"{name_of(field)} and {name} are both set: keep one of them.")
        try:
            value = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name} names {path}, which cannot be read ({_reason(error)}): mend the path or its owner.")
            continue
        if value:
            values[field] = value
        else:
            faults.append(f"{name} names {path}, which is empty: write the value into it.")
    return values


def fault(item: Mapping[str, Any], descriptions: Mapping[str, str]) -> str:
    """One fault of the validation in words: which setting, what is wrong with it, what it is for. Never its value."""
    field = str(item["loc"][0])
    message = str(item["msg"]).removeprefix("Value error, ")
    purpose = descriptions.get(field, "").split(". ")[0].rstrip(".")
    return f"{name_of(field)}: {message}." + (f" It means: {purpose}." if purpose else "")


def _reason(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "not UTF-8 text"
