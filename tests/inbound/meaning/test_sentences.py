"""Some 5,000 sentences of business answers in eight languages: most are heard as what they do, next to none as more."""

import pytest

from tests.inbound.meaning.heard import WANTED, counts, heard, is_wrong, sentences


def test_hardly_any_sentence_is_taken_for_a_decision_that_it_does_not_make() -> None:
    """A wrong act is the worst that can happen: at most one in 150, also among those that nobody looked at."""
    wrong = [one for one in sentences() if is_wrong(one)]
    assert len(wrong) <= len(sentences()) // 150, wrong


@pytest.mark.parametrize("aside", [False, True], ids=["known", "aside"])
def test_what_decides_nothing_stays_a_note(aside: bool) -> None:
    """What puts off, asks, hands over, reports or tells something else is left alone, and seldom asked about."""
    found = counts(aside=aside)
    for does in ("hold", "ask", "hand", "chat"):
        every, right, _ = found[does]
        assert right >= every * 0.88, does


@pytest.mark.parametrize(("aside", "share"), [(False, 0.7), (True, 0.35)], ids=["known", "aside"])
def test_decisions_are_heard(aside: bool, share: float) -> None:
    """Of the sentences that decide many are heard at once; the others become a question or a note."""
    found = counts(aside=aside)
    deciding = [found[does] for does in ("yes", "no", "back", "bill", "undo")]
    assert sum(right for _, right, _ in deciding) >= share * sum(every for every, _, _ in deciding)


def test_the_sentences_are_many_and_each_says_what_it_does() -> None:
    """Eight languages, every kind in each."""
    assert len(sentences()) >= 5000
    assert {one.language for one in sentences()} == {"en", "de", "es", "fr", "it", "nl", "pl", "uk"}
    assert {(one.language, one.does) for one in sentences()} == {
        (language, does) for language in {one.language for one in sentences()} for does in WANTED
    }
    assert heard(sentences()[0])
