"""What one side says to itself never reaches the other: the worst bug there is."""

from __future__ import annotations

from postroom.demo.files import INVOICED, invoice_file
from postroom.mailbox.mail import Mail
from tests.flows.conftest import Play

SECRET = "They try that every year"


def _differing(play: Play) -> Mail:
    """Olga's approval request for an invoice that differs."""
    play.ana.reply(play.ordered(), "Our invoice.", [invoice_file("22914", INVOICED)])
    play.ana.reply(play.ana.wait(notice="answer", text="22914"), "confirm")
    play.ana.wait(notice="answer", text="Matching")
    return play.olga.wait(notice="invoice-differs")


def _all_that_reached(play: Play) -> str:
    """Every byte of words that the supplier's mailbox holds, by Postroom or anybody."""
    return "\n".join(m.letter.subject + m.letter.text + m.letter.html for m in play.ana.inbox)


def _settled(play: Play, mail: Mail) -> None:
    """Wait until Postroom has acted on everything before: a later question of Olga's is answered."""
    play.olga.reply(mail, "status")
    play.olga.wait(notice="answer")


def test_f52_a_comment_among_the_buyers_people_stays_inside(play: Play) -> None:
    """A reply to an approval request reaches the colleagues, and not the supplier."""
    mail = _differing(play)
    play.olga.reply(mail, f"{SECRET}.", cc=play.ben.address)
    copy = play.ben.wait(text=SECRET)
    play.ben.reply(copy, "I know. 11.50 it is.", everyone=True)
    play.olga.wait(notice="comment", text="11.50 it is")
    _settled(play, mail)
    assert SECRET not in _all_that_reached(play)
    assert "I know" not in _all_that_reached(play)


def test_f52_an_approval_request_forwarded_to_a_colleague_stays_inside(play: Play) -> None:
    """The colleague answers the forwarded mail to its reply address."""
    mail = _differing(play)
    play.olga.forward(mail, play.ben.address, f"{SECRET}, look.")
    forwarded = play.ben.wait(text=SECRET)
    play.ben.write(mail.letter.reply_to[0].address, forwarded.letter.subject, f"{SECRET}, says Ben.")
    play.olga.wait(notice="comment", text="says Ben")
    _settled(play, mail)
    assert SECRET not in _all_that_reached(play)


def test_f52_the_internal_address_in_copy_makes_a_mail_internal(play: Play) -> None:
    """A buyer who writes into the shared thread with the internal address in Cc tells the supplier nothing."""
    mail = _differing(play)
    play.ana.reply(play.ana.inbox[-1], "When will you decide?")
    note = play.olga.wait(notice="note", text="When will you decide")
    play.olga.reply(note, f"{SECRET}.", cc=mail.letter.reply_to[0].address)
    _settled(play, mail)
    assert SECRET not in _all_that_reached(play)


def test_f52_only_colleagues_in_copy_make_a_mail_internal_and_its_author_is_told(play: Play) -> None:
    """All other recipients are the writer's own people: a comment, said so in the answer."""
    mail = _differing(play)
    play.ana.reply(play.ana.inbox[-1], "When will you decide?")
    note = play.olga.wait(notice="note", text="When will you decide")
    play.olga.reply(note, f"{SECRET}, Ben.", cc=play.ben.address)
    assert "Stays on your side" in " ".join(play.olga.wait(notice="answer").letter.text.split())
    _settled(play, mail)
    assert SECRET not in _all_that_reached(play)


def test_f52_an_approvers_reply_carries_no_link_or_address_of_theirs(play: Play) -> None:
    """The reason crosses; the quoted notice with its links and its reply address does not."""
    mail = _differing(play)
    play.olga.reply(mail, f"revise: the hub costs 11.50, see {play.olga.link(mail, 'approve')}", quote=True)
    play.ana.wait(notice="invoice-action-needed")
    reached = _all_that_reached(play)
    assert "the hub costs 11.50" in reached
    assert play.olga.link(mail, "approve").rpartition("/")[2] not in reached
    assert mail.letter.reply_to[0].address.partition("@")[0] not in reached


def test_f52_files_of_a_comment_stay_inside(play: Play) -> None:
    """An attachment of an internal reply is neither sent nor shown to the supplier."""
    mail = _differing(play)
    play.olga.reply(mail, f"{SECRET}.", [invoice_file("internal", INVOICED)], cc=play.ben.address)
    _settled(play, mail)
    names = [file.name for m in play.ana.inbox for file in m.letter.attachments]
    assert "invoice-internal.pdf" not in names


def test_f52_the_read_back_shows_first_which_words_cross(play: Play) -> None:
    """The buyer reads what the supplier will read, word for word."""
    mail = _differing(play)
    play.olga.reply(mail, "revise: the hub costs 11.50")
    text = " ".join(play.olga.wait(notice="answer").letter.text.split())
    assert "Your reason goes to Anvil Workshop, word for word: the hub costs 11.50" in text
