"""docs/settings.md, written from the settings themselves (`make docs`)."""

from __future__ import annotations

import types
from typing import Any, Literal, get_args, get_origin

from postroom import sources
from postroom.settings import Settings

HEAD = f"""# Settings

Postroom is configured by the environment, by a TOML file, or by both.
The file is `postroom.toml` in the folder where a command is run, or the one that `{sources.CONFIG}` names.
In the file a setting has its name in lower case without the prefix: `{sources.PREFIX}MAIL_DOMAIN` is `mail_domain`.
What the environment says wins over the file.
An empty variable counts as not set.

Every fault is reported at once, when a process starts; `postroom doctor` looks further.

"""
SECRETS = """
## Secrets in files

Each of these may stand in a file of its own, named by the variable with `_FILE` behind it, as Docker and systemd do.
A file that cannot be read or is empty stops the start: there is no silent default.

"""
ROTATION = """
## Rotating the secret

Set `POSTROOM_SECRET_PREVIOUS` to the present secret and `POSTROOM_SECRET` to a new one, and restart.
Links and reply addresses that were mailed before go on working.
After `POSTROOM_LINK_DAYS` days, when the old links have expired, remove `POSTROOM_SECRET_PREVIOUS`; replies to older
mails are then threaded by their Message-ID alone.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_setting(name) for name in Settings.model_fields) + SECRETS + _secrets() + ROTATION


def _setting(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default
    if default is None or default == "" or default == ():
        shown = "not set"
    elif isinstance(default, tuple):
        shown = "`" + ", ".join(default) + "`"
    else:
        shown = f"`{default}`"
    return f"## `{sources.name_of(name)}`\n\n{field.description}\n\n{_kind(field.annotation)}; default: {shown}.\n\n"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "One of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (types.UnionType, tuple):
        kinds = [kind for kind in get_args(annotation) if kind not in (type(None), Ellipsis)]
        return "A list" if get_origin(annotation) is tuple else _kind(kinds[0])
    return {int: "A number", bool: "`true` or `false`"}.get(annotation, "Text")


def _secrets() -> str:
    return "".join(f"* `{sources.name_of(name)}_FILE`\n" for name in sources.FROM_FILES)
