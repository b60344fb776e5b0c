"""A text about a line, cleared of what is no new figure of it: the old one, its reasons, brackets, what is not."""

from __future__ import annotations

import re
from functools import cache

from inbound.meaning.by_figures import figures_in
from inbound.meaning.days import Habits, day_at, spoken_day
from inbound.meaning.figures import Figures, read_figures
from inbound.meaning.items import units_of
from inbound.meaning.limits import SPOKEN_WORDS
from inbound.meaning.nearness import UNIT
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either
from workflows.actions import KnownLine


class Clearing:
    """Clears pieces of one answer for the reader of its lines."""

    speech: Speech
    habits: Habits

    def _without_no(self, text: str) -> str:
        """A text without the "no," or "ok," that it begins with."""
        head, comma, rest = text.partition(",")
        tokens = self.speech.tokens(head[:40])
        words = self.speech.words
        short = bool(comma and tokens) and any(
            words[kind].at(tokens, 0) == len(tokens) for kind in ("negations", "assents")
        )
        return rest if short else text

    def _with_spoken_day(self, text: str) -> str:
        """The text with the day for "Friday" or "tomorrow", where it says when we get something and nothing else."""
        tokens = self.speech.tokens(text)
        if len(tokens) > SPOKEN_WORDS or "?" in text or not self.speech.lines["delivery"].within(tokens):
            return text
        found = spoken_day(text, self.speech, self.habits.today)
        if found is None:
            return text
        begin, end, day = found
        rest = self.speech.tokens(text[:begin] + " " + text[end:])
        if any(self.speech.words[kind].within(rest) for kind in ("holding", "conditions", "negations", "asks")):
            return text
        return f"{text[:begin]}{day.isoformat()}{text[end:]}"

    def _denies(self, piece: str) -> bool:
        """Whether what stands before a figure says only what is not: "can't make Thursday, it will be 30 November"."""
        tokens = self.speech.tokens(piece)
        taken = self.speech.lines["no_bid"].within(tokens) or self.speech.words["conditions"].within(tokens)
        return self.speech.lines["deny"].within(tokens) and not taken

    def _without_effect(self, text: str) -> str:
        """The text without the day from which a new price holds: "since 1 June 10.40 instead of 9.95"."""
        tokens = self.speech.tokens(text)
        priced = any(self.speech.lines[kind].within(tokens) for kind in ("price", "each")) or any(
            sign in text for sign in "€$£"
        )
        priced = (
            priced
            or self.speech.lines["times"].within(tokens)
            or self.speech.words["dearer"].within(tokens)
            or _money(self.speech).search(text) is not None
        )
        if not priced or len(_PLAIN.findall(text)) < 1:
            return text
        for found in _effect(self.speech).finditer(text):
            end = day_at(text, found.end()) or (year.end() if (year := _YEAR.match(text, found.end())) else None)
            if end is not None:
                return text[: found.start()] + " " + text[end:]
        return _at_once(self.speech).sub(" ", text)

    def _explains(self, piece: str) -> bool:
        """Whether what follows a figure only says why, or what becomes of the rest."""
        tokens = self.speech.tokens(piece)
        words = self.speech.words
        ends = words["remainder"].begin(tokens) or words["otherwise"].begin(tokens)
        return ends or self.speech.lines["deny"].within(tokens)

    def _without_asides(self, text: str, leading: bool) -> str:
        """A text without what its brackets say, and without its reason, once it has said a figure."""
        outside = _BRACKETS.sub(" ", text)
        if any(map(str.isdigit, outside)) or not leading:
            text = outside
        text = _ORDINAL.sub(" ", text) if len(_ORDINAL.findall(text)) < sum(map(str.isdigit, text)) else text
        text = _kept_back(self.speech).sub(" ", _packed(self.speech).sub(" ", text))
        pieces = re.split(r" , |(?<=\w):(?=\s)", text)
        told = [at for at, piece in enumerate(pieces) if any(map(str.isdigit, piece))]
        if told:
            after = [piece for piece in pieces[told[-1] + 1 :] if not self._explains(piece)]
            before = [piece for piece in pieces[: told[0]] if not self._denies(piece)]
            pieces[told[0]] = self._without_denied_head(pieces[told[0]])
            text = " , ".join([*before, *pieces[told[0] : told[-1] + 1], *after])
        for found in _reasons(self.speech).finditer(text):
            if any(map(str.isdigit, text[: found.start()])) and day_at(text, found.end() + 1) is None:
                return text[: found.start()]
        return text

    def _without_denied_head(self, piece: str) -> str:
        """A piece without what it denies before a colon and holds no figure: "not by your date: they leave 29 May"."""
        head, colon, rest = piece.partition(": ")
        denied = colon and not any(map(str.isdigit, head)) and any(map(str.isdigit, rest)) and self._denies(head)
        return rest if denied else piece

    def _without_denied(self, text: str, lines: tuple[KnownLine, ...]) -> str:
        """The text without a piece that denies a figure of now, where another says a new one: "300 no, 180 yes"."""
        now = {value for line in lines for value in (line.qty, line.price) if value is not None}
        denies = self.speech.lines["deny"].within
        pieces = text.split(" , ")
        told = [(piece, figures_in(piece, self.habits)) for piece in pieces]
        old = [piece for piece, said in told if said and now.issuperset(said) and denies(self.speech.tokens(piece))]
        new = [piece for piece, said in told if piece not in old and said and not now.issuperset(said)]
        return " , ".join(piece for piece in pieces if piece not in old) if old and new else text

    def _without_until(self, text: str, delivery: bool = False) -> tuple[str, bool]:
        """The text without "not until" before a day; and whether it said so. A *delivery* "until" a day comes by it."""
        denied = delivery or self.speech.lines["deny"].within(self.speech.tokens(text))
        for found in _until(self.speech).finditer(text):
            if day_at(text, found.end()) is not None and (denied or not found["until"]):
                return text[: found.start()] + " " + text[found.end() :], True
        return text, False

    def _without_old(self, text: str, lines: tuple[KnownLine, ...]) -> tuple[str, str]:
        """The text without "instead of 10" where 10 is what the document says now; and which of the two that is."""
        now = {value: field for line in lines for field, value in (("qty", line.qty), ("price", line.price)) if value}
        role, old_words = "", self.speech.lines["instead_of"]
        past = self.speech.lines["was"]

        def take(found: re.Match[str]) -> str:
            nonlocal role
            old = read_figures(found["old"], self.speech, self.habits, now)
            value = next((one for one in (old.bare, old.qty, old.price) if one is not None), None)
            if value in now and value is not None:
                role = now[value]
            elif not old_words.begin(told := self.speech.tokens(found[0])) or not _others(found):
                return " " if past.begin(told) and any(map(str.isdigit, text[: found.start()])) else found[0]
            return " "

        for found in _old(self.speech).finditer(text):
            if end := day_at(text, found.end()):
                text = text[: found.start()] + " " + text[end:]
                break
        return _old_figure(self.speech).sub(take, text), role

    def _without_known(self, text: str, figures: Figures, line: KnownLine) -> Figures:
        """A row of our own table filled in: without the quantity (and price) that it showed already."""
        if not (figures.open and line.qty is not None):
            return figures
        for found in re.finditer(r"(?<![\w.,])(\d[\d.,']*) ?[^\W\d_]{1,12}\.?(?!\w)", text):
            old = read_figures(found[0], self.speech, self.habits, [line.qty])
            before = text[: found.start()]
            if line.qty in (old.qty, old.bare) and not any(map(str.isdigit, before)) and not self._ends_in_per(before):
                rest = text[: found.start()] + " " + text[found.end() :]
                again = read_figures(rest, self.speech, self.habits, [line.price])
                return again if not again.open else figures
        return figures

    def _without_others(self, text: str) -> str:
        """The text without what becomes of the rest, once it has another figure: "10, the other 2 do not come"."""
        for found in _other_ones(self.speech).finditer(text):
            rest = text[: found.start()] + " " + text[found.end() :]
            if any(map(str.isdigit, rest)):
                return rest
        return text

    def _with_unit(self, text: str, line: KnownLine) -> str:
        """The text with a unit that only this document has written as pieces: "20 racks", "10 months"."""
        unit = (line.unit or "").rstrip(".")
        lasting = self.speech.source.days["lead"]
        if not unit.isalpha() or len(unit) < _SHORTEST or (units_of(unit) and unit.casefold() not in lasting):
            return text
        stem = re.escape(unit[: max(UNIT, len(unit) - 2)])
        pieces = self.speech.source.units["piece"][0]
        stem = stem if len(unit) >= UNIT else rf"{stem}(?!\w)"
        return re.sub(rf"(?<=\d)\s*{stem}[^\W\d_]{{0,5}}(?!\w)", f" {pieces} ", text, flags=re.IGNORECASE)

    def _ends_in_per(self, text: str) -> bool:
        words = text.casefold().split()
        return bool(words) and words[-1].endswith(tuple(self.speech.source.lines["per"]))


_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)?\(?\d{1,5}\)?(?:[ /.-]+\d{2,5}){2,5}(?![\w.,]\d)")
_NINE = 9
"""Digits of a telephone number that begins with neither + nor 0."""


def without_phones(text: str) -> str:
    """The text without telephone numbers: "0585 84 22 10", "419-555-0182"."""

    def one(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        told = found[0].lstrip("(").startswith(("+", "0")) or len(digits) >= _NINE
        thousands = re.fullmatch(r"[1-9]\d{0,2}(?: \d{3})+", found[0])
        return found[0] if day_at(text, found.start()) is not None or thousands or not told else " "

    return _PHONE.sub(one, text)


@cache
def _other_ones(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["other_ones"], speech.source.letters)
    return re.compile(
        rf"(?<!\w)(?:{words})\s+(?:[^\W\d_]{{1,4}}\s+)?\d{{1,6}}(?![\d.,]*\d)"
        rf"|(?<![\w.,])\d{{1,6}}\s+(?:{words})(?!\w)",
        re.IGNORECASE,
    )


_SHORTEST = 2
"""Letters of a unit that only this document has."""


@cache
def _packed(speech: Speech) -> re.Pattern[str]:
    """How goods are packed, before the figure that follows from it: "come in boxes of 20, so I send 100"."""
    kinds = ("box", "pack", "pallet", "roll", "set")
    units = either((unit for kind in kinds for unit in speech.source.units.get(kind, ())), speech.source.letters)
    return re.compile(
        rf"(?<=[^\W\d_]\s)(?:{units})\s+[^\W\d_]{{1,3}}\s+\d+(?=\D+\d)(?!\s?[.,x×х*]\s?\d)", re.IGNORECASE
    )


@cache
def _kept_back(speech: Speech) -> re.Pattern[str]:
    """What is left out of a quantity, behind it: "I have 10, the other 2 will not come"."""
    words = either((word for word in speech.source.words["remainder"] if not word.endswith("*")), speech.source.letters)
    return re.compile(rf"(?<=\d)(\D{{1,30}}?\b(?:{words})\s+)\d+(?![.,]?\d)", re.IGNORECASE)


def _others(found: re.Match[str]) -> bool:
    """Whether a text has figures beside those that were found: "they were at 0.11" has no new one."""
    return any(map(str.isdigit, found.string[: found.start()] + found.string[found.end() :]))


_ORDINAL = re.compile(r"(?<!\w)(?:on the |the )\d{1,2}(?:st|nd|rd|th)(?!\w)(?! [^\W\d_])", re.IGNORECASE)


_BRACKETS = re.compile(r"\([^()]{0,200}\)")


_PLAIN = re.compile(r"(?<![\w.,])\d[\d.,]*")
_YEAR = re.compile(r"20\d\d(?![\d.,])")


@cache
def _effect(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["effective"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})\s+(?:[^\W\d_]{{1,4}}\s+)?(?=\d|[^\W\d_]{{3,12}}\s\d)", re.IGNORECASE)


@cache
def _at_once(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["at_once"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _money(speech: Speech) -> re.Pattern[str]:
    names = either((name for texts in speech.source.currencies.values() for name in texts), speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


@cache
def together(speech: Speech) -> re.Pattern[str]:
    """Words like "together" and "lump sum"."""
    words = either(speech.source.lines["together"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _reasons(speech: Speech) -> re.Pattern[str]:
    words = either((*speech.source.words["reasons"],), speech.source.letters)
    return re.compile(rf"\s(?:{words})(?=\s)", re.IGNORECASE)


@cache
def _until(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["only_then"], speech.source.letters)
    until = either(speech.source.lines["until"], speech.source.letters)
    return re.compile(
        rf"(?<!\w)(?:{words}|(?P<until>{until}))\s+(?:[^\W\d_]{{1,9}}\s+){{0,2}}(?=\d|[^\W\d_]{{3,12}}\s\d)",
        re.IGNORECASE,
    )


@cache
def _old(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    kinds = ("instead_of", "formerly", "was")
    words = either((word for kind in kinds for word in source.lines[kind]), source.letters)
    return re.compile(rf"\b(?:{words})\s+", re.IGNORECASE)


@cache
def _old_figure(speech: Speech) -> re.Pattern[str]:
    figure = r"(?P<old>(?:[^\W\d_]{1,4}\s)?\d[\d.,']*(?: \d{3}(?!\d))*(?:\s?[^\W\d_]{1,8})?)"
    return re.compile(_old(speech).pattern + figure, re.IGNORECASE)
