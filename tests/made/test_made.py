"""The documents that readers are measured on."""

from __future__ import annotations

from decimal import Decimal

from tests.made import by_typst
from tests.made.__main__ import make
from tests.made.paper import LANGUAGES, PRICED, draw, words_of
from tests.made.score import judge
from tests.made.writing import STYLES, figure


def test_a_seed_always_makes_the_same_documents() -> None:
    """What was measured yesterday can be measured again."""
    assert make(5, 7)[1] == make(5, 7)[1]
    assert make(5, 7)[1] != make(6, 7)[1]


def test_every_language_has_the_same_words() -> None:
    """A table or a word that one language lacks would stop a seed half way."""
    wanted = {(t, n) for t, names in words_of("en").items() if isinstance(names, dict) for n in names}
    for language in LANGUAGES:
        words = words_of(language)
        had = {(t, n) for t, names in words.items() if isinstance(names, dict) for n in names}
        assert had == wanted, language


def test_the_truth_of_every_priced_document_adds_up() -> None:
    """Net and tax make the gross total of every document whose prices are told."""
    papers = [draw(4, index) for index in range(120)]
    assert {paper.language for paper in papers} == set(LANGUAGES)
    for truth in (paper.truth() for paper in papers if paper.kind in PRICED):
        assert Decimal(truth["net"]) + Decimal(truth["tax"]) == Decimal(truth["gross"])


def test_figures_are_written_as_each_country_does() -> None:
    """Groups and decimal marks follow the style's own example."""
    written = {style: figure(Decimal("-1234567.5"), style) for style in STYLES}
    assert written["12,34,567.00"] == "-12,34,567.50"
    assert written["1.234,56"] == "-1.234.567,50"
    assert written["1'234.56"] == "-1'234'567.50"


def test_a_document_is_set_and_judged() -> None:
    """A made document is a PDF, and what is told of it is right, missing or wrong."""
    paper, sheet, _ = make(4, 0)
    assert by_typst.write(sheet).startswith(b"%PDF-")
    truth = paper.truth()
    assert judge(truth, {**truth, "number": "another", "issue_date": None}) | {"kind": "right"} == {
        **dict.fromkeys(judge(truth, truth), "right"),
        "number": "wrong",
        "issue_date": "missing",
    }
