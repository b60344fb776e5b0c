"""Asks a person at the terminal for what a command was not told, and tells a script which options it left out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import typer

from postroom.errors import NotSaid, PostroomError

Check = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know: what was given, how to ask for it, and what makes an answer good (it raises if not)."""

    given: str | None
    words: str
    check: Check
    default: str | None = None


def answers(questions: Mapping[str, Question]) -> dict[str, str]:
    """What was given or is answered now, checked, by option; a wrong answer at the terminal is asked again.

    Raises `NotSaid` with every missing option when there is nobody to ask, `PostroomError` when a given one is wrong.
    """
    checked = {
        option: question.check(question.given) for option, question in questions.items() if question.given is not None
    }
    for option, question in questions.items():
        if option not in checked:
            try:
                checked[option] = _asked(question)
            except typer.Abort:
                if sys.stdin.isatty():
                    raise
                typer.echo(err=True)
                raise NotSaid([name for name in questions if name not in checked]) from None
    return {option: checked[option] for option in questions}


def _asked(question: Question) -> str:
    while True:
        try:
            return question.check(typer.prompt(question.words, default=question.default, err=True))
        except PostroomError as error:
            typer.secho(str(error), fg="yellow", err=True)


def some_words(value: str) -> str:
    """A name: anything but nothing, on one line."""
    value = " ".join(value.split())
    if not value or not value.isprintable() or len(value) > 200:
        raise PostroomError("A name is needed, of at most 200 letters.")
    return value


def address(value: str) -> str:
    """A mail address, without the name before it."""
    value = value.strip()
    name, _, domain = value.rpartition("@")
    plain = value.isprintable() and not set(value) & set(' <>()[],;:\\"') and len(value) <= 254
    if not plain or not name or "@" in name or not _is_domain(domain):
        raise PostroomError(f"{value[:80]!r} is not a mail address: write it as name@example.com.")
    return value


def domain(value: str) -> str:
    """A domain alone."""
    value = value.strip().lower().rstrip(".")
    if not _is_domain(value):
        raise PostroomError(f"{value[:80]!r} is not a domain: write it alone, such as po.example.com.")
    return value


def one_of(*choices: str) -> Check:
    """The check that an answer is one of *choices*."""

    def check(value: str) -> str:
        if value not in choices:
            raise PostroomError(f"{value[:40]!r} is none of {', '.join(choices)}.")
        return value

    return check


def as_setting(checked: Check) -> Check:
    """The check that settings make (it raises ValueError), for an answer."""

    def check(value: str) -> str:
        try:
            return checked(value.strip())
        except ValueError as error:
            raise PostroomError(f"{value[:80]!r} will not do: {error}.") from error

    return check


def language(value: str) -> str:
    """A language that there are words for."""
    from templates.catalogues import languages

    known = languages()
    if value not in known:
        raise PostroomError(f"There are no words in {value[:20]!r}: take one of {', '.join(known)}.")
    return value


def currency(value: str) -> str:
    """A currency by its code (ISO 4217)."""
    from babel.numbers import is_currency

    value = value.strip().upper()
    if not is_currency(value):
        raise PostroomError(f"{value[:20]!r} is no currency: write its code, such as EUR.")
    return value


def time_zone(value: str) -> str:
    """A time zone by its name."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise PostroomError(f"{value[:40]!r} is no time zone: write it as Europe/Berlin.") from error
    return value


def _is_domain(value: str) -> bool:
    from postroom.setting_types import is_domain

    try:
        return is_domain(value.encode("idna").decode("ascii").lower())
    except UnicodeError:
        return False
