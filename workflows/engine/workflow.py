"""How a workflow is declared: an enum of statuses, a content type, and functions that are its steps.

A step's function is the rule that picks among the declared targets; the type of its data is the form. From this one
declaration follow the reply phrases, the buttons, the page forms, the permission table and the state diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from enum import StrEnum
from inspect import getdoc, signature
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter

from workflows.engine.content import Content
from workflows.errors import WrongDeclaration
from workflows.people import Reader, Side, Trust, Who

C = TypeVar("C", bound=Content)
S = TypeVar("S", bound=StrEnum)
Tells = Mapping[Any, tuple[tuple[Reader, str], ...]]
Rule = Callable[..., Any]
Undo = Callable[[Any, Any, Any], Any]
"""How a step is taken back: (content as it was before, status it had, act) to the status that the document gets."""

LONGEST_NAME = 32
"""Characters of a name that stands in rows."""

IRREGULAR = {
    "send_back": "sent_back",
    "withdraw": "withdrawn",
    "send": "sent",
    "draft": "drafted",
    "set_delivery": "delivery_set",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One declared step. `name` is the key of its phrases, page, label and notices, and stands in rows and links."""

    workflow: Workflow[Any, Any]
    name: str
    rule: Rule
    data: TypeAdapter[Any]
    data_type: type
    sources: tuple[StrEnum, ...]
    targets: tuple[StrEnum, ...]
    who: Who
    trust: Trust
    tells: Mapping[StrEnum, tuple[tuple[Reader, str], ...]]
    stale: bool
    deciding: bool
    event: str
    entries: str | None
    doc: str
    reminder: bool = False
    """Whether it reminds people: then it waits while they are away, and those who are away are not told."""
    aliases: tuple[str, ...] = ()
    undo: Undo | None = None
    """Takes the step back; None where it lasts."""

    @property
    def full_name(self) -> str:
        """The name with its kind: `invoice.confirm`."""
        return f"{self.workflow.kind}.{self.name}"

    @property
    def creates(self) -> bool:
        """Whether the step makes a new document."""
        return not self.sources


def as_it_was(content: Any, status: Any, act: Any) -> Any:
    """The plainest undo: content and status are as they were before the step."""
    return status


@dataclass(slots=True)
class Workflow(Generic[C, S]):
    """A kind of document: its statuses, its content and its steps."""

    kind: str
    statuses: type[S]
    content: type[C]
    final: tuple[S, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Old names of statuses and steps that stored rows may carry, to the present ones."""
    more_facts: Callable[..., Mapping[str, object]] | None = None
    """Facts that need a look into the store: (session, document, side) to a mapping that joins those of the notice."""
    steps: dict[str, Step] = field(default_factory=dict)
    adapter: TypeAdapter[C] = field(init=False)

    def __post_init__(self) -> None:
        self._require(self.kind.isidentifier() and self.kind.islower(), "a kind is one lower-case word")
        self._require(len(self.kind) <= LONGEST_NAME, f"a kind has at most {LONGEST_NAME} characters")
        self._require(is_dataclass(self.content), f"{self.content.__name__} is no dataclass")
        wanted = ("heading", "facts", *(("line_rows",) if hasattr(self.content, "line_table") else ()))
        for name in wanted:
            self._require(callable(getattr(self.content, name, None)), f"{self.content.__name__} cannot say its {name}")
        for status in self.statuses:
            self._require(len(status.value) <= LONGEST_NAME, f"status {status.value} is too long")
        for status in self.final:
            self._require(isinstance(status, self.statuses), f"{status!r} is no {self.statuses.__name__}")
        self.adapter = TypeAdapter(self.content)

    def create(
        self,
        *,
        to: Sequence[S],
        who: Who,
        tells: Tells | None = None,
        trust: Trust | None = None,
        event: str | None = None,
        deciding: bool = False,
        undo: Undo | None = None,
    ) -> Callable[[Rule], Step]:
        """Declare a step without source: its rule takes a fresh content and makes a new document of it.

        `undo` is given the content as it is and no status, and says in which status nothing is made of the document.
        """
        return self._declare((), to, who, tells, trust, event, None, True, deciding, undo=undo)

    def step(
        self,
        source: Sequence[S],
        *,
        to: Sequence[S],
        who: Who,
        tells: Tells | None = None,
        trust: Trust | None = None,
        stale: bool = True,
        deciding: bool = False,
        event: str | None = None,
        entries: str | None = None,
        reminder: bool = False,
        undo: Undo | None = None,
    ) -> Callable[[Rule], Step]:
        """Declare a step: from which statuses, to which, who may, whom it tells of each status reached, and how.

        `deciding` holds the step back in a half-understood mail; `stale` makes links mailed before it stale; `entries`
        names the reply action of which each occurrence adds one entry to the data's `lines`; a `reminder`, taken by a
        timer, waits until somebody whom it tells is not away. `undo` lets whoever took it take it back for a while:
        `as_it_was`, or a function that refuses, or looks again at what may have changed.
        """
        self._require(bool(source), "a step needs a source; use create() for a new document")
        return self._declare(tuple(source), to, who, tells, trust, event, entries, stale, deciding, reminder, undo)

    def _declare(
        self,
        source: tuple[S, ...],
        to: Sequence[S],
        who: Who,
        tells: Tells | None,
        trust: Trust | None,
        event: str | None,
        entries: str | None,
        stale: bool,
        deciding: bool,
        reminder: bool = False,
        undo: Undo | None = None,
    ) -> Callable[[Rule], Step]:
        def declare(rule: Rule) -> Step:
            name = rule.__name__
            where = f"step {name}"
            self._require(name not in self.steps, f"{where} is declared twice")
            self._require(undo is None or who.side is not Side.SYSTEM, f"{where}: nobody could take it back")
            self._require(len(name) <= LONGEST_NAME, f"{where}: its name is too long")
            self._require(bool(to), f"{where} has no target")
            for status in (*source, *to, *(tells or {})):
                self._require(isinstance(status, self.statuses), f"{where}: {status!r} is no {self.statuses.__name__}")
            for status in tells or {}:
                self._require(status in to, f"{where} tells somebody of {status.value}, which it does not reach")
            for status in source:
                self._require(status not in self.final, f"{where} starts from {status.value}, which is final")
            self._require(isinstance(who, Who), f"{where}: who is no named predicate")
            for told in (tells or {}).values():
                right = all(len(pair) == 2 and isinstance(pair[0], Reader) for pair in told)
                self._require(right, f"{where}: tells takes pairs of a Reader and a notice")
            doc = getdoc(rule)
            self._require(bool(doc), f"{where} has no docstring, and that is its line in the docs")
            parameters = list(signature(rule).parameters)
            self._require(len(parameters) == 3, f"{where} takes (content, data, act)")
            try:
                hints = get_type_hints(rule)
            except NameError as error:
                raise WrongDeclaration(f"workflow {self.kind}: {where}: {error}") from error
            taken = hints.get(parameters[0])
            right = isinstance(taken, type) and taken is not object and issubclass(self.content, taken)
            self._require(right, f"{where} takes a {self.content.__name__}")
            data_type = hints.get(parameters[1], object)
            self._require(is_dataclass(data_type), f"{where}: its data is no dataclass")
            has_lines = "lines" in getattr(data_type, "__dataclass_fields__", {})
            self._require(not entries or has_lines, f"{where}: its data has no lines for the entries of {entries}")
            self._require(hints.get("return") is self.statuses, f"{where} returns a {self.statuses.__name__}")
            made = Step(
                workflow=self,
                name=name,
                rule=rule,
                data=TypeAdapter(data_type),
                data_type=data_type,
                sources=source,
                targets=tuple(to),
                who=who,
                trust=trust or (Trust.PERSONAL if who.side is Side.BUYER and deciding else Trust.KNOWN),
                tells=dict(tells or {}),
                stale=stale,
                deciding=deciding,
                event=f"{self.kind}.{event or IRREGULAR.get(name) or name + ('d' if name.endswith('e') else 'ed')}",
                entries=entries,
                doc=(doc or "").strip().splitlines()[0],
                reminder=reminder,
                undo=undo,
            )
            self.steps[name] = made
            return made

        return declare

    def check_aliases(self) -> None:
        """Raise `WrongDeclaration` where an alias leads nowhere; called once all steps are declared."""
        names = {*self.steps, *(status.value for status in self.statuses)}
        for old, new in self.aliases.items():
            self._require(new in names, f"the alias of {old}, {new}, is neither a step nor a status")

    def named(self, name: str) -> Step:
        """The step *name*, by its present or an old name; raises KeyError."""
        return self.steps[self.aliases.get(name, name)]

    def status(self, name: str) -> S:
        """The status *name*, by its present or an old name."""
        return self.statuses(self.aliases.get(name, name))

    def _require(self, right: bool, words: str) -> None:
        if not right:
            raise WrongDeclaration(f"workflow {self.kind}: {words}")
