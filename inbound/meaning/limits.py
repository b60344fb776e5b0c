"""How much of an answer is looked at: what is longer is never a command, and costs no more time."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = 60_000
"""Of a body; what lies beyond is kept as the note, and no step that decides is taken from such a mail."""

SENTENCES: Final = 300
"""That are understood in one mail; a longer mail decides nothing."""

CLAUSE_CHARACTERS: Final = 240
"""Of one clause that may be a command."""

CLAUSES: Final = 40
"""Of one sentence."""

ACTIONS: Final = 2_000
"""Read from one mail: one for each line of a long order, and no more."""
