"""A reading as JSON and back: for `postroom read --json` and for the way out of the reading process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workflows.reading import (
    Charge,
    Defect,
    DocumentFormat,
    DocumentKind,
    Form,
    FormAnswer,
    Party,
    Reading,
    ReadLine,
    layout_as_json,
    layout_from_json,
)

AMOUNTS: Final = frozenset(
    {"net", "tax", "gross", "prepaid", "due", "amount", "quantity", "unit_price", "base_quantity", "tax_rate", "beside"}
)
DATES: Final = frozenset({"issue_date", "due_date", "delivery_date"})


def reading_as_json(reading: Reading, file: str, *, layout: bool = False) -> dict[str, Any]:
    """The document object of `postroom read --json`: amounts as decimal strings, dates ISO, absent as null.

    With `layout` it says too how the page is laid out, where that was looked at.
    """
    shown = {"file": file, **asdict(replace(reading, layout=None))}
    del shown["layout"]
    if layout and reading.layout is not None:
        shown["layout"] = layout_as_json(reading.layout)
    shown["sure"], shown["where"] = dict(reading.sure), dict(reading.where)
    if reading.further:
        shown["further"] = [reading_as_json(one, file, layout=layout) for one in reading.further]
    else:
        del shown["further"]
    if reading.form is None:
        del shown["form"]
    return {key: _plain(value) for key, value in shown.items()}


def reading_from_json(shown: Mapping[str, Any]) -> Reading:
    """Make the reading again; raises `ValueError`, `KeyError` or `TypeError` for what `reading_as_json` never makes."""
    values = _typed({key: value for key, value in shown.items() if key != "file"})
    values["kind"], values["format"] = DocumentKind(values["kind"]), DocumentFormat(values["format"])
    values["seller"], values["buyer"] = Party(**values["seller"]), Party(**values["buyer"])
    values["orders"], values["credits"] = tuple(values["orders"]), tuple(values["credits"])
    values["lines"] = tuple(ReadLine(**_typed(line)) for line in values["lines"])
    values["charges"] = tuple(Charge(**_typed(charge)) for charge in values["charges"])
    values["further"] = tuple(reading_from_json(one) for one in values.get("further", ()))
    values["defects"] = tuple(Defect(**defect) for defect in values["defects"])
    if (form := values.get("form")) is not None:
        answers = tuple(FormAnswer(**answer) for answer in form["answers"])
        values["form"] = Form(**{**form, "answers": answers, "strange": tuple(form["strange"])})
    if (seen := values.get("layout")) is not None:
        values["layout"] = layout_from_json(seen)
    return Reading(**values)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(values)
    for name in typed.keys() & AMOUNTS:
        typed[name] = None if typed[name] is None else Decimal(typed[name])
    for name in typed.keys() & DATES:
        typed[name] = None if typed[name] is None else date.fromisoformat(typed[name])
    return typed


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
