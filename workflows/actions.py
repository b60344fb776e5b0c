"""What a person asked for in an answer: actions, and the questions we must ask instead.

The names and data of the actions are those of `postroom understand` (docs/contract.md); a workflow's step takes the
actions that carry its name. Amounts are `Decimal`, dates plain dates; nothing here is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Action:
    """One thing asked for: its name and the data that was said with it; what was not said is None.

    `tax_rate` is in percent. `heard` is the very words it was read from, for the read-back.
    """

    name: str
    n: int | None = None
    qty: Decimal | None = None
    price: Decimal | None = None
    currency: str | None = None
    date: date | None = None
    number: str | None = None
    document: str | None = None
    address: str | None = None
    tax_rate: Decimal | None = None
    reason: str | None = None
    heard: str = ""

    def data(self) -> dict[str, object]:
        """The data that was said, without name and words."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("name", "heard")}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Question:
    """Something we ask back instead of guessing: a code ("date", "price", "condition"...) and a whole sentence.

    `params` fills the sentence, which stands in the catalogues as the msgid.
    """

    about: str
    text: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer means: actions to perform, questions to ask, and the rest, which is the note."""

    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line of the document that is talked about, so that it can be named by number or by text."""

    n: int
    text: str
    qty: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What is talked about, in which form, by whom: all that the meaning of an answer depends on.

    `steps` are the names of the actions that the workflows allow this person here and now.
    """

    name: str
    role: str
    steps: frozenset[str]
    document: str | None = None
    currency: str | None = None
    locale: str | None = None
    today: date | None = None
    lines: tuple[KnownLine, ...] = ()
