"""The words on documents, of all languages."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from inbound.documents.visible.lexicon import begins_with, hits_of, labels_in, languages


def found(table: str, text: str) -> list[str]:
    """What of a text is a phrase of a table."""
    return [text[hit.start : hit.end] for hit in hits_of(table, text)]


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_language_knows_the_words_for_everything_that_english_knows(language: str) -> None:
    """A table that was forgotten would leave fields empty on all documents of the language."""
    folder = resources.files("inbound.documents.visible") / "words"
    tables = {code: tomllib.loads((folder / f"{code}.toml").read_text("utf-8")) for code in ("en", language)}
    for section in ("titles", "header", "parties", "columns"):
        assert tables["en"][section].keys() == tables[language][section].keys()
    assert tables["en"]["amounts"].keys() == tables[language]["amounts"].keys()
    assert {"invoice"} <= tables[language]["own"].keys()


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_phrase_holds_a_figure_but_zero(language: str) -> None:
    """Texts that differ in their figures alone are looked through once."""
    words = (resources.files("inbound.documents.visible") / "words" / f"{language}.toml").read_text("utf-8")
    assert not re.search(r'"[^"\n]*[1-9][^"\n]*"', words)


@pytest.mark.parametrize("text", ["Invoice no. 7", "INVOICE NUMBER: 7", "Invoice № 7", "invoice-nr 7", "Invoice # 7"])
def test_a_number_may_be_shortened_in_every_way(text: str) -> None:
    """`no` in a phrase stands for all of them, with what people put between the words."""
    assert found("own.invoice.number", text) == [text[: text.index("7")].rstrip(" :.")]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("own.invoice.number", "Schlussrechnungsnummer"),
        ("amounts.gross.3", "Bruttosumme"),
        ("header.due_date", "DATE D'ECHEANCE"),
        ("header.due_date", "Faelligkeitsdatum"),
        ("header.due_date", "Termin platnosci"),
    ],
)
def test_words_are_known_joined_and_without_their_accents(table: str, text: str) -> None:
    """A star stands for any letters; capitals lose their accents, umlauts are written out."""
    assert found(table, text) == [text]


def test_the_longest_phrase_counts_and_none_overlaps_it() -> None:
    """`Total net` is no total beside a net."""
    assert found("header.issue_date", "Date of issue") == ["Date of issue"]
    assert found("header.due_date", "Payment due date: 5 May") == ["Payment due date"]


def test_a_part_of_a_word_is_no_phrase() -> None:
    """`Vatican` is no tax, and a word after four letters of something else is not joined."""
    assert "amounts.tax.2" not in labels_in("Vatican")
    assert begins_with("own.invoice.number", "Invoice (copy) number 7") is None


@pytest.mark.parametrize(("text", "phrase"), [("Fattura n. R-2293", "Fattura n"), ("Fatura n.º R-2293", "Fatura n.º")])
def test_a_word_is_never_made_of_two(text: str, phrase: str) -> None:
    """The R belongs to the number, though `nr` would shorten one."""
    assert found("own.invoice.number", text) == [phrase]
