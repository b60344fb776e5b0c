"""A supplier's user brings in a colleague by mail (F18)."""

from __future__ import annotations

from postroom.mailbox.mailboxes import Owner
from postroom.mailbox.person import Person
from tests.flows.conftest import Play


def _kim(play: Play) -> Person:
    """A colleague of Ana's whom nobody here knows yet."""
    address = f"kim@{play.ana.address.rpartition('@')[2]}"
    play.house.relay.mailboxes.add(Owner("Kim", address, "Anvil Workshop", "supplier"))
    return Person("Kim", address, play.house.relay.mailboxes, play.house.relay)


def test_f18_a_users_word_makes_a_colleague_a_user(play: Play) -> None:
    """They are told, and answer the order as one of the supplier's people; the customer reads nothing of it."""
    kim = _kim(play)
    play.ana.reply(play.ordered(), f"invite {kim.address}")
    answer = play.ana.wait(notice="answer")
    assert "Invited" in answer.letter.text
    welcome = kim.wait(notice="user-invited")
    assert "Anvil Workshop" in welcome.letter.subject
    assert "Ana" in welcome.letter.text
    kim.press(kim.click(kim.link(welcome, "acknowledge")))
    assert play.olga.wait(notice="order-acknowledged")
    assert not play.olga.has(text=kim.address)


def test_f18_a_mail_that_proves_nothing_is_confirmed_by_the_existing_user_first(play: Play) -> None:
    """The existing user gets a link; until it is pressed nobody is invited."""
    kim = _kim(play)
    play.ana.reply(play.ordered(), f"Please invite {kim.address}", proven=False)
    asked = play.ana.wait(notice="confirm-sender")
    assert not kim.inbox
    play.ana.press(play.ana.click(play.ana.link(asked, "mail")))
    assert kim.wait(notice="user-invited")
    assert "Invited" in play.ana.wait(notice="answer").letter.text


def test_f18_who_is_here_already_is_not_invited_again(play: Play) -> None:
    """Neither a colleague nor one of the customer's own people."""
    ordered = play.ordered()
    play.ana.reply(ordered, f"invite {play.ana.address}")
    assert "takes part already" in play.ana.wait(notice="answer").letter.text
    play.ana.reply(ordered, f"invite {play.ben.address}")
    assert "own people" in play.ana.wait(notice="answer").letter.text
    assert not play.ben.has(subject="take part")
