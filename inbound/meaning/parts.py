"""A sentence about lines, cut into parts that each name theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from inbound.meaning.by_figures import line_by_old_figure
from inbound.meaning.days import days_in, with_plain_days
from inbound.meaning.letters import folded
from inbound.meaning.likeness import is_known
from inbound.meaning.naming import ROW, Naming
from inbound.meaning.references import CUT, delivered, split
from workflows.actions import KnownLine

_MARK: Final = re.compile(r"\x01(\d+)\x02")
PRICED: Final = re.compile(r"\s*([^\W\d_]{4,})\s+[€$£]?\d+(?:[.,]\d{2}|,-)[^\d\w]*")
_HEAD_INSIDE: Final = re.compile(r"(?<![^\s,;(])(\d{1,3})[:)](?=\s)")
_PIECES: Final = 100
"""Of one sentence that are looked at."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines that a part names (none: the whole document) and its words without their names."""

    lines: tuple[KnownLine, ...]
    text: str
    unknown: tuple[int, ...] = ()
    delivery: bool = False
    shared: bool = False
    """Whether several lines were named one after another, with one thing to say about them."""


class LineNames(Naming):
    """The lines of one document, told of each part of a sentence."""

    def parts(self, text: str) -> Iterator[Part]:
        """Cut a text into parts that each name their lines."""
        text, groups = self._marked(text)
        pieces = [cut for piece in split(text, self.speech) for cut in self._cut_by_names(piece)][:_PIECES]
        part: Part | None = None
        for piece in pieces:
            found = self._named(piece, groups)
            if part is None:
                part = found
                continue
            if found.delivery and part.lines and self.dates_by_line:
                found = replace(found, delivery=False)  # in an order it is the day of the line just named
            if self._is_priced_late(part, found, piece):
                found = replace(found, lines=(), text=_MARK.sub(" ", piece))
            named = bool(found.lines or found.unknown)
            shared = bool(named and part.lines) and self._only_names(part.text)
            if shared:
                lines, unknown = (*part.lines, *found.lines), part.unknown + found.unknown
                lines = tuple(dict.fromkeys(lines))
                part = Part(lines, found.text, unknown, part.delivery, shared=len(lines) > 1)
            elif self._ends(part, found, piece, named=named):
                yield part
                part = found
            else:
                part = Part(
                    part.lines or found.lines,
                    f"{part.text} , {found.text}",
                    part.unknown + found.unknown,
                    part.delivery or found.delivery,
                    part.shared,
                )
        if part is not None:
            yield part

    def _marked(self, text: str) -> tuple[str, list[tuple[int, ...]]]:
        """A text with a mark where lines are named by number, order or whole text; and the lines of each mark."""
        groups: list[tuple[int, ...]] = []

        def mark(numbers: Iterable[int]) -> str:
            groups.append(tuple(numbers))
            return f" \x01{len(groups) - 1}\x02 "

        head = self.head.match(text)
        if head and (head["all"] is not None or head["sep"] == ":" or self._numbers(head["numbers"])[0] in self.by_n):
            numbers = list(self.by_n) if head["all"] is not None else self._numbers(head["numbers"])
            text = mark(numbers) + text[head.end() :]
        text = with_plain_days(text)
        row = ROW.match(text)
        if row and self._is_row(text, int(row[1]), row.end()):
            text = text[row.end() :]
        for n in self._perhaps_named(text):
            text = self.texts[n].sub(lambda _, n=n: mark((n,)), text, count=1)  # type: ignore[misc]
        text = self._withordinals(text, mark)
        text = self._inside.sub(lambda found: mark(self._numbers(found["numbers"])), text)
        text = _HEAD_INSIDE.sub(
            lambda found: f"{CUT}{mark([int(found[1])])}" if int(found[1]) in self.by_n else found[0], text
        )
        return text, groups

    def _named(self, piece: str, groups: list[tuple[int, ...]]) -> Part:
        """A piece with the lines that it names, and without their names."""
        named = [n for k in _MARK.findall(piece) for n in groups[int(k)]]
        text = _MARK.sub(" ", piece)
        several = False
        if named:
            pass
        elif (by_text := self._named_by_text(text)) is not None:
            named, text = [by_text[0]], by_text[1]
        elif not any(map(str.isdigit, text)):
            named = [n for _, _, n, _ in self._index.named_in(text)]
            several = len(named) > 1
        elif (by_figure := self._named_by_figure(text)) is not None:
            named, text = [by_figure[0]], by_figure[1]
        elif (by_unit := self._index.line_by_unit(text)) is not None:
            named = [by_unit]
        delivery = not named and self.speech.lines["delivery"].within(self.speech.tokens(text))
        if not (named or delivery or self.dates_by_line):
            delivery = self._is_day_of_all(text)
        if delivery and (called := self._called_delivery(text)) is not None:
            named, delivery = [called], False
        elif len(named) == 1 and self.dates_by_line and self._is_day_of_delivery(named[0], piece, text):
            named, delivery = [], True
        wanted = dict.fromkeys(named)
        return Part(
            tuple(self.by_n[n] for n in wanted if n in self.by_n),
            text,
            tuple(n for n in wanted if n not in self.by_n),
            delivery,
            several,
        )

    def _is_day_of_all(self, text: str) -> bool:
        """Whether a piece gives a day for everything, and no other figure: "all of it can be there on 15 January"."""
        if not any(map(str.isdigit, text)) or not self.speech.lines["all"].within(self.speech.tokens(text)):
            return False
        days, rest = days_in(text, self.habits, dated=True)
        return len(days) == 1 and not any(map(str.isdigit, rest))

    def _called_delivery(self, text: str) -> int | None:
        """The one line that is a delivery itself, where a piece gives it a figure and no day: "delivery 55 flat"."""
        if not any(map(str.isdigit, text)) or days_in(text, self.habits, dated=True)[0]:
            return None
        lead = {word for words in self.speech.source.days["lead"] for word in self.speech.tokens(words)}
        if not lead.isdisjoint(self.speech.tokens(text)):
            return None
        delivering = self.speech.lines["delivery"]
        called = [line.n for line in self.by_n.values() if delivering.begin(self.speech.tokens(line.text))]
        return called[0] if len(called) == 1 else None

    def _is_day_of_delivery(self, n: int, piece: str, text: str) -> bool:
        """Whether a piece tells the day of delivery, though a line is called "delivery", too."""
        if not any(map(str.isdigit, text)):
            return False
        days, rest = days_in(text, self.habits, dated=True)
        spoken = self.speech.tokens(piece)
        named = [word for word in spoken if self.stem(word) in self.words]
        if not named and n in self.by_n:
            named = self.speech.tokens(self.by_n[n].text)
        delivering = self.speech.lines["delivery"]
        return (
            len(days) == 1
            and not any(map(str.isdigit, rest))
            and bool(named)
            and all(delivering.at([word], 0) for word in named)
        )

    def _ends(self, part: Part, found: Part, piece: str, *, named: bool) -> bool:
        """Whether a part is complete before a piece: another line or the delivery begins, or a name of no line."""
        tokens = self.speech.tokens(piece)
        rest = not (named or self.dates_by_line) and self.speech.words["remainder"].begin(tokens)
        if rest and self.speech.lines["deny"].within(tokens):
            return True  # "the rest we can not do"
        about = bool(part.lines or part.unknown or part.delivery)
        if named and not about and line_by_old_figure(part.text, self.by_n.values(), self.habits) is not None:
            return True  # "36 instead of 48, the hearts stay"
        if named or found.delivery or part.delivery:
            return about or self._is_figured(part.text, piece, named=named)
        return bool(part.lines) and self._is_strange(part.text, piece)

    def _is_priced_late(self, part: Part, found: Part, piece: str) -> bool:
        """Whether a price before a name may be of the line denied before: "no bolts at 9, new price 12 nuts stay"."""
        if not (part.lines and found.lines) or part.lines == found.lines or any(map(str.isdigit, part.text)):
            return False
        spoken = self.speech.tokens(part.text)
        lists = self.speech.lines
        if not (lists["deny"].within(spoken) or lists["no_bid"].within(spoken)):
            return False
        head = re.split(r"\d", piece, maxsplit=1)[0]
        return head != piece and lists["price"].within(self.speech.tokens(head)) and not self.names_any(head)

    def _is_figured(self, before: str, piece: str, *, named: bool) -> bool:
        """Whether a piece without a line has a figure of its own before one that names its line: both are read."""
        both = named and all(any(map(str.isdigit, text)) for text in (before, piece))
        return both and not self.speech.lines["deny"].within(self.speech.tokens(before))

    def _is_strange(self, before: str, piece: str) -> bool:
        """Whether a piece prices something by a name that no line has, behind a line with its price: "kulis 0,36"."""
        found = PRICED.fullmatch(piece) if any(map(str.isdigit, before)) else None
        return found is not None and not is_known(self.speech, folded(found[1], self.speech.source.letters))

    def _cut_by_names(self, piece: str) -> Iterator[str]:
        """Cut a piece that speaks of several lines, each with its figure: "trousers 21.50 caps 4"."""
        begin, last = 0, None
        for start, end, n, _ in self._index.named_in(piece):
            if last is not None and n != last[0] and any(map(str.isdigit, piece[last[1] : start])):
                yield piece[begin:start]
                begin = start
            last = (n, end)
        for found in delivered(self.speech).finditer(piece, begin):
            if last is not None and any(map(str.isdigit, piece[last[1] : found.start()])):
                yield piece[begin : found.start()]
                begin = found.start()
        yield piece[begin:]

    def _only_names(self, text: str) -> bool:
        """Whether a piece says nothing but which line it means."""
        if any(map(str.isdigit, text)):
            return False
        words = self.speech.words
        tokens = self.speech.tokens(text)
        for kind in ("articles", "joins", "determiners", "links", "fillers", "greetings"):
            tokens = words[kind].without(tokens)
        return not tokens
