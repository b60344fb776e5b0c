"""Answers for the fuzz: words, figures and lines that the line grammar knows, in eight languages, mixed and broken."""

from typing import Any

from hypothesis import strategies as st

from inbound.meaning.understand import STEPS
from templates.phrases import language, languages

_FIGURES = (
    "1: 12.50",
    "2: 8 x 11,50",
    "3: no bid",
    "lines 1-3",
    "1, 2 & 3:",
    "1-9999",
    "12.12.",
    "14/12/2026",
    "2026-02-30",
    "29 Feb",
    "1.234,5",
    "1,234.5",
    "1 234",
    "8x",
    "x8",
    "@",
    "€",
    "-5",
    "0",
    "9" * 40,
    "1e9",
    "½",
    "٣",
    "20 %",
    "VAT 20%",
    "per 100",
    "KW 50",
    "#",
    "№ 7",
    "n° 7",
    "PO-4711",
    "a@b.example",
    "DN 50",
    "Hydraulic hose DN 50",
    "Gear pump",
)
_SIGNS = (*' \n;()"…\t|\u202e\0', "", ", ", ". ", "? ", ": ", " - ", "\n\n")


def _words() -> list[str]:
    found = dict.fromkeys(word for code in languages() for word in _of(code))
    return list(found)


def _of(code: str) -> list[str]:
    source = language(code)
    lists = (*source.words.values(), *source.lines.values(), *source.days.values(), *source.nouns.values())
    spoken = [text for said in source.actions.values() for text in (*said.says, *said.triggers)]
    return [text.rstrip("*") for texts in lists for text in texts] + spoken


_PIECE = st.sampled_from(_words()) | st.sampled_from(_FIGURES) | st.text(max_size=6)
_SHORT = st.lists(st.tuples(_PIECE, st.sampled_from(_SIGNS)), max_size=24).map(
    lambda drawn: "".join(piece + sign for piece, sign in drawn)
)
_OFTEN = st.tuples(_PIECE, st.sampled_from(_SIGNS), st.integers(1, 6_000)).map(lambda d: (d[0] + d[1]) * d[2])
_LINES = [
    {"n": 1, "text": "Hex bolt M8x40", "qty": "100", "unit": "pcs"},
    {"n": 2, "text": "Gear pump GP-20", "qty": "10", "unit": "pcs"},
    {"n": 3, "text": "Hydraulic hose DN 50", "qty": "25", "unit": "m"},
]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Return an input line of `postroom understand`."""
    situation, role = draw(st.sampled_from(sorted(STEPS)))
    context = {
        "doc": "PO-4711",
        "currency": "EUR",
        "locale": draw(st.sampled_from(["en_GB", "de_DE", "pl_PL", "uk_UA", None])),
        "today": draw(st.sampled_from(["2026-11-24", None])),
        "lines": draw(st.sampled_from([_LINES, _LINES[:1], []])),
    }
    body = "".join(draw(st.lists(_SHORT | _SHORT | _OFTEN, max_size=3)))
    return {"id": 1, "situation": situation, "role": role, "context": context, "body": body}
