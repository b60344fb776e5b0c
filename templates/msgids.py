"""Collects the msgids of all rooms: `python -m templates.msgids > templates/locales/postroom.pot` begins a language."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOMS = ("postroom", "inbound", "workflows", "outbound", "templates")

_METHODS = [("**.py", "python"), *((f"**.{kind}", "jinja2") for kind in ("txt", "mjml", "html"))]
_OPTIONS = {f"**.{kind}": {"trimmed": "true", "silent": "false"} for kind in ("txt", "mjml", "html")}
_REFUSALS = (
    "TransitionNotAllowed",
    "NotTheirs",
    "ProofMissing",
    "DocumentChanged",
    "DataMissing",
    "FigureTooLarge",
    "NotFound",
    "LinkStale",
)
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "say": None,
    "ngettext": (1, 2),
    "Question": (2,),
    "_asking": (2,),
    "Defect": (2,),
    **dict.fromkeys(_REFUSALS),
}


def msgids() -> Catalog:
    """Every sentence and label that a person may read, refusals and questions too, each with where it stands."""
    house = Path(__file__).parent.parent
    found = Catalog(project="Postroom", charset="utf-8")
    for room in ROOMS:
        for name, line, message, _comments, context in extract_from_dir(
            house / room, _METHODS, _OPTIONS, keywords=_KEYWORDS
        ):
            found.add(message, None, [(f"{room}/{name}", line)], context=context)
    return found


if __name__ == "__main__":
    write_po(sys.stdout.buffer, msgids(), sort_by_file=True, omit_header=False)
