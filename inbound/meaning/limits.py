"""How much of an answer is looked at: what is longer is never a command, and costs no more time."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = 60_000
"""Of a body; what lies beyond is kept as the note, and no step that decides is taken from such a mail."""

SENTENCES: Final = 300
"""That are understood in one mail, beside rows; a longer mail decides nothing and is asked about."""

ROWS: Final = 2_000
"""Like `2: 8 x 11.50`, typed into one mail, or of a quoted table of ours that may have been filled in."""

CLAUSE_CHARACTERS: Final = 240
"""Of one clause that may be a command."""

CLAUSES: Final = 40
"""Of one sentence."""

QUESTIONS: Final = 40
"""Asked back about one mail."""

SAID_WORDS: Final = 24
"""Of a clause whose words may come in any order."""

SPOKEN_WORDS: Final = 10
"""Of a sentence in which "Friday" is read as a day."""
