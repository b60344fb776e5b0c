"""Collects the msgids of all rooms: `python -m templates.msgids et` begins Estonian, or brings it up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from templates.catalogues import LOCALES

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
    "ask_about": (2,),
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


def write_language(code: str, folder: Path = LOCALES) -> Path:
    """Write the file of a language with all msgids; what was translated before stays. Raises `UnknownLocaleError`."""
    Locale.parse(code)
    path = folder / f"{code}.po"
    known = Catalog(code, project="Postroom", charset="utf-8", fuzzy=False)
    if path.is_file():
        with path.open("rb") as source:
            known = read_po(source, locale=code)
    known.update(msgids(), no_fuzzy_matching=True)
    folder.mkdir(exist_ok=True)
    with path.open("wb") as target:
        write_po(target, known, sort_by_file=True)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the language: python -m templates.msgids et")
    try:
        print(f"{write_language(sys.argv[1])} is up to date.")  # noqa: T201
    except (UnknownLocaleError, ValueError):
        sys.exit(f"{sys.argv[1]} is no language that CLDR knows; write its code, like et or pt_BR.")
