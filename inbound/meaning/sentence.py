"""What one sentence of an answer said: its acts, and what speaks against taking them."""

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.actions import Action


@dataclass(slots=True)
class Sentence:
    """What one sentence said. `doubt` is why no decision may be taken beside it; `about` names a half-said action.

    `handed` over to a colleague (`yours`: as a question), `holds` the sending back, `leaves` lines as they are; `soft`
    when its doubt does not reach beyond it, `favours` when it holds the word for a decision, `explicit` when its act
    has that word, `touched` when it was read for lines; `reverts` when it takes back what was said before it,
    `partial` when it decides on single lines, `fixes` when it sends a draft off with a correction; `meek` when its act
    is no more than a "great", `waits` when it puts the answer off.
    """

    text: str
    acts: list[Action] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    """Those that decide."""
    doubt: str = ""
    before: str = ""
    assent: bool = False
    about: str = ""
    harmless: bool = False
    asks: bool = False
    handed: bool = False
    holds: bool = False
    leaves: bool = False
    soft: bool = False
    touched: bool = False
    yours: bool = False
    favours: bool = False
    explicit: bool = False
    reverts: bool = False
    partial: bool = False
    fixes: bool = False
    meek: bool = False
    waits: bool = False
