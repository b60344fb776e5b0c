"""The page docs/understanding.md: its tables are counted from the agreed answers beside this module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from inbound.meaning.understand import understand_line
from templates.phrases import trait
from tests.inbound.meaning import heard
from tests.inbound.meaning.agreed import FILES, agrees, wanted

TEXT: Final = Path(__file__).parents[3] / "docs" / "understanding.in.md"
LANGUAGES: Final = {
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "uk": "Ukrainian",
}
_WISHES: Final = ("status", "invite", "undo")

Told = tuple[dict[str, Any], dict[str, Any]]


def page() -> str:
    """The whole page."""
    told = [(case, understand_line(case)) for cases in FILES.values() for case in cases]
    text = TEXT.read_text("utf-8")
    text = text.replace("{LANGUAGES}", _by_language(told)).replace("{CONFUSION}", _confusion(told))
    return text.replace("{SENTENCES}", _by_deed())


def _by_language(told: list[Told]) -> str:
    rows = [("language", "answers", "right", "wrong acts", "needless questions", "questions missed")]
    for code, name in (*LANGUAGES.items(), ("", "all")):
        mine = [(case, got) for case, got in told if code in ("", case["lang"])]
        right = sum(_right(case, got) for case, got in mine)
        wrong = sum(bool(_names(got) & set(case["expected"]["must_not"])) for case, got in mine)
        needless = sum(got["questions"] and not any(one["questions"] for one in wanted(case)) for case, got in mine)
        missed = sum(not got["questions"] and all(one["questions"] for one in wanted(case)) for case, got in mine)
        rows.append((name, *map(str, (len(mine), right, wrong, needless, missed))))  # type: ignore[arg-type]
    return _table(rows)


def _by_deed() -> str:
    rows = [("what a sentence does", "sentences", "heard so", "wrong acts", "left aside", "heard so", "wrong acts")]
    known, aside = heard.counts(aside=False), heard.counts(aside=True)
    for does, name in heard.DOES.items():
        rows.append((name, *map(str, (*known[does], *aside[does]))))  # type: ignore[arg-type]
    sums = (map(sum, zip(*one.values(), strict=True)) for one in (known, aside))
    return _table([*rows, ("all", *(str(one) for some in sums for one in some))])


def _confusion(told: list[Told]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for case, got in told:
        meant = _kind(next((one for one in wanted(case) if agrees(got, one)), case["expected"]))
        heard = _kind(got)
        counts[meant, heard if _right(case, got) or heard != meant else "other figures"] += 1
    kinds = sorted({meant for meant, _ in counts}, key=lambda kind: (kind in ("a question", "nothing"), kind))
    columns = [*kinds, *sorted({heard for _, heard in counts} - set(kinds))]
    rows: list[tuple[str, ...]] = [("meant \\ heard", *columns)]
    rows += [(kind, *(str(counts[kind, heard] or "·") for heard in columns)) for kind in kinds]
    return _table(rows)


def _kind(meaning: Mapping[str, Any]) -> str:
    names = [action["action"] for action in meaning["actions"]]
    deciding = [name for name in names if trait(name).kind == "decides" and name not in _WISHES]
    if deciding:
        return str(deciding[0])
    if names:
        return "status, invite, undo" if names[0] in _WISHES else "figures"
    return "a question" if meaning["questions"] else "nothing"


def _names(got: Mapping[str, Any]) -> set[str]:
    return {action["action"] for action in got["actions"]}


def _right(case: dict[str, Any], got: dict[str, Any]) -> bool:
    return not _names(got) & set(case["expected"]["must_not"]) and any(agrees(got, one) for one in wanted(case))


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * (lines[0].count("|") - 1) + "|", *lines[1:]])
