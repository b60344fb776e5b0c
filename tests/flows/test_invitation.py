"""The invitation that starts everything."""

from __future__ import annotations

from tests.flows.conftest import Play


def test_f2_an_invitation_mail_starts_everything(play: Play) -> None:
    """The supplier gets one mail that says who invites, what to do, and who will read a reply."""
    mail = play.invited()
    assert "Harbour Bikes" in mail.letter.text
    assert "accept" in mail.letter.text
    assert "A reply to this mail is read by" in mail.letter.text


def test_f3_the_supplier_accepts_by_reply_and_both_are_told(play: Play) -> None:
    """One word is enough."""
    play.ana.reply(play.invited(), "accept")
    assert "Accept" in play.ana.wait(notice="answer").letter.text
    assert "Anvil Workshop" in play.olga.wait(notice="invitation-accepted").letter.text
