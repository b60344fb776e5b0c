"""The report of matching as a PDF: every difference, and under each item how it was compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound.documents.printed import apart, layout, printed_sheet
from outbound.facts import tidy
from templates.catalogues import catalogue
from templates.compared import comparisons, difference_called
from templates.environment import Reader

MOST = 2_000
"""Items that are printed with how they were compared."""


def report_pdf(facts: Mapping[str, Any], reader: Reader) -> bytes:
    """The PDF of how the document in *facts* (docs/facts.md) was compared, in the reader's language."""
    return printed_sheet(report_layout(tidy(facts), reader))


def report_layout(facts: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """The layout of the document itself, with the sentences of the report in it."""
    say = catalogue(reader.language).gettext
    document = facts.get("document") or {}
    sheet = layout(facts, reader)
    told = comparisons(document, MOST, reader.locale, reader.language)
    by_line = {line["n"]: sentences for line, sentences in told if line is not None}
    for line, shown in zip(document.get("lines") or (), sheet["lines"], strict=True):
        shown["detail"] = "\n".join(part for part in (shown["detail"], *by_line.get(line["n"], ())) if part)
    whole = [sentence for line, sentences in told if line is None for sentence in sentences]
    named = []
    for one in facts.get("differences") or ():
        name = difference_called(str(one.get("reason") or one.get("code")), document, say)
        where = say("Item %(n)s") % {"n": one["n"]} if one.get("n") else str(one.get("text") or "")
        named.append(": ".join(part for part in (apart(where, reader), name) if part))
    sheet["note"] = "\n".join(
        (*(named or [say("It agrees.")]), *(s for s in whole if s.rstrip(".") not in " ".join(named)))
    )
    sheet["title"] = say("How %(document)s was compared") % {"document": sheet["title"]}
    return sheet
