"""How a figure, an amount and a day are written in one country."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

STYLES = {
    "1.234,56": (".", ","),
    "1,234.56": (",", "."),
    "1 234,56": ("\u00a0", ","),
    "1'234.56": ("'", "."),
    "1234,56": ("", ","),
    "1234.56": ("", "."),
    "12,34,567.00": (",", "."),
}


def figure(value: Decimal, style: str, places: int = 2) -> str:
    """A number with as many decimals as told, a minus before it where it is negative."""
    group, mark = STYLES[style]
    whole, _, fraction = f"{abs(value):.{places}f}".partition(".")
    head, tail = (whole[:-3], whole[-3:]) if len(whole) > 3 else ("", whole)
    size = 2 if style == "12,34,567.00" else 3
    groups = [tail]
    while head:
        groups.insert(0, head[-size:])
        head = head[:-size]
    return ("-" if value < 0 else "") + group.join(groups) + (mark + fraction if places else "")


def rate(value: str, style: str) -> str:
    """A rate in percent, written with the country's decimal mark."""
    return value.replace(",", ".").replace(".", STYLES[style][1]) + ("\u00a0%" if style == "1 234,56" else "%")


def day(when: date, form: str, months: list[str]) -> str:
    """A day in one of the forms that the words' files name."""
    month = months[when.month - 1]
    text = form.replace("yyyy", f"{when.year}").replace("yy", f"{when.year % 100:02d}")
    for mark, put in (("month", month), ("Mon", month[:3])):
        if mark in text:
            head, tail = text.split(mark)
            day_text = f"{when.day:02d}" if "dd" in text else str(when.day)
            return _with_day(head, day_text) + put + _with_day(tail, day_text)
    return text.replace("mm", f"{when.month:02d}").replace("dd", f"{when.day:02d}")


def _with_day(text: str, day_text: str) -> str:
    """The day's place is a `d` or `dd` that stands by itself."""
    words = text.replace("-", " - ").replace(",", " ,").replace(".", " .").split(" ")
    put = " ".join(day_text if word in ("d", "dd") else word for word in words)
    return put.replace(" - ", "-").replace(" ,", ",").replace(" .", ".")
