"""Notes cross, comments never do."""

from __future__ import annotations

from tests.flows.conftest import Play


def test_f50_a_note_on_a_document_goes_to_the_client(play: Play) -> None:
    """A reply in the order's thread is passed on without a robot in between."""
    play.ana.reply(play.ordered(), "Does matt black mean RAL 9005?")
    assert "RAL 9005" in play.olga.wait(notice="note").letter.text
    assert not play.ana.has(subject="this is what we understood")


def test_f51_the_clients_answer_comes_back_in_the_same_thread(play: Play) -> None:
    """Message-ID and References join the order mail, the question and the answer."""
    order = play.ordered()
    play.ana.reply(order, "Does matt black mean RAL 9005?")
    question = play.olga.wait(notice="note")
    play.olga.reply(question, "Yes.")
    answer = play.ana.wait(notice="note", text="Yes.")
    assert order.letter.message_id in answer.letter.references
