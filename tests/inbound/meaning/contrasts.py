"""The contrast sets of contrasts.toml as cases: each sentence with what it must give, or must not."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

SETS: Final = tomllib.loads(Path(__file__).with_name("contrasts.toml").read_text("utf-8"))
PLACES: Final = {
    "acknowledge": ("order", "supplier"),
    "refuse": ("order", "supplier"),
    "order": ("order", "supplier"),
    "approve": ("invoice_matching", "buyer"),
    "send_back": ("invoice_matching", "buyer"),
    "undo": ("invoice_matching", "buyer"),
    "confirm": ("invoice_draft", "supplier"),
    "draft": ("invoice_draft", "supplier"),
    "accept": ("invitation", "supplier"),
    "decline": ("rfp", "supplier"),
    "rfp": ("rfp", "supplier"),
    "invoice_draft": ("invoice_draft", "supplier"),
    "invoice_matching": ("invoice_matching", "buyer"),
    "proposal_draft": ("proposal_draft", "supplier"),
    "invitation": ("invitation", "supplier"),
}


def cases() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each sentence: what kind of set it is of, as an input line, and what was written down for it."""
    for code, sets in SETS.items():
        for kind, sentences in sets.items():
            if kind == "lines":
                continue
            about = kind.removeprefix("no_").removeprefix("notes_").removesuffix("_lines")
            for number, sentence in enumerate(sentences):
                body, _, read = sentence.partition(" => ")
                if kind == "mails":
                    about, _, body = body.partition(": ")
                case = _case(f"{code}-{kind}-{number}", code, about, body, sets["lines"])
                yield kind, case, read


def mails() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Whole mails about documents of many kinds, in the words of `mails` of the sets."""
    for line in Path(__file__).with_name("mails.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        yield "mails", case, case.pop("read")


def right(kind: str, got: dict[str, Any], read: str) -> bool:
    """Whether an output line is what the set says."""
    names = {action["action"] for action in got["actions"]}
    if kind.startswith("no_"):
        return not names
    if kind.startswith("notes_"):
        return not names and not got["questions"]
    if kind == "mails" and read.endswith("?"):
        # asking, or for "-?" leaving it, is as good
        return not names if read == "-?" else (not names and got["questions"]) or right(kind, got, read[:-1])
    if not kind.endswith("_lines") and kind != "mails":
        return names == {kind} and not got["questions"]
    if read in ("ask", "-"):
        return not names and got["questions"] == (read == "ask")
    wanted = [_wanted(piece.strip()) for piece in read.split(";")]
    return not got["questions"] and sorted(map(_told, got["actions"])) == sorted(wanted)


def _case(name: str, code: str, about: str, body: str, lines: list[str]) -> dict[str, Any]:
    situation, role = PLACES[about]
    rows = [line.split("|") for line in lines]
    known = [
        {"n": n, "text": text, "qty": qty, "unit": unit, "price": None if situation == "rfp" else price}
        for n, (text, qty, unit, price) in enumerate(rows, 1)
    ]
    context = {"doc": "DOC-4711", "currency": "EUR", "locale": code, "today": "2026-11-24"}
    if situation == "invitation":
        known = []
    context["lines"] = known  # type: ignore[assignment]
    return {"id": name, "situation": situation, "role": role, "context": context, "body": body, "lang": code}


def _wanted(text: str) -> str:
    n, _, field = text.partition(" ")
    if not field and not text.startswith("day="):
        return text
    if field == "no_bid":
        return f"{n} no_bid"
    name, _, value = (field or text).partition("=")
    return f"{n} {name}={_plain(name, value)}" if field else f"day={value}"


def _told(action: dict[str, Any]) -> str:
    if action["action"] == "no_bid":
        return f"{action['n']} no_bid"
    if action["action"] == "set_delivery":
        return f"day={action['date']}"
    if action["action"] in ("invoice_number", "invoice_all"):
        return f"{'num' if action['action'] == 'invoice_number' else 'all'}={action.get('number')}"
    if not action["action"].endswith("_line"):
        return str(action["action"])
    figures = {name: action[name] for name in ("qty", "price", "date") if action.get(name) is not None}
    if action["action"] == "invoice_line" and "price" in figures:
        figures.pop("qty", None)
    return f"{action.get('n')} " + ",".join(f"{name}={_plain(name, value)}" for name, value in figures.items())


def _plain(name: str, value: str) -> str:
    return value if name == "date" else f"{Decimal(value).normalize():f}"
