"""What our mails tell people to reply, as it is understood when it comes back."""

from datetime import date
from decimal import Decimal

import pytest

from inbound.meaning.meaning import meaning_of
from inbound.meaning.understand import STEPS
from templates import words
from workflows.actions import KnownLine, Situation

OFFERED = {
    "accept": ("invitation", "supplier", ["accept"]),
    "acknowledge": ("order", "supplier", ["acknowledge"]),
    "approve": ("invoice_matching", "buyer", ["approve"]),
    "confirm": ("invoice_draft", "supplier", ["confirm"]),
    "counter": ("order", "supplier", ["counter_line"]),
    "create_invoice": ("order", "supplier", ["invoice_all"]),
    "decline": ("invitation", "supplier", ["decline"]),
    "quote": ("rfp", "supplier", ["quote_line", "no_bid", "set_delivery"]),
    "refuse": ("order", "supplier", ["refuse"]),
    "reject": ("invoice_matching", "buyer", ["reject"]),
    "reject_lines": ("rfp", "supplier", ["no_bid"]),
    "resubmit": ("invoice_draft", "supplier", ["confirm"]),
    "send_back": ("invoice_matching", "buyer", ["send_back"]),
    "set_delivery": ("rfp", "supplier", ["set_delivery"]),
    "set_number": ("invoice_draft", "supplier", ["invoice_number"]),
}


@pytest.mark.parametrize("step", words.REPLIES)
def test_what_we_tell_people_to_reply_is_understood(step):
    """Whoever copies the words out of our mail is not asked back."""
    assert step in OFFERED, "say in OFFERED where it is offered, and in STEPS of inbound/meaning/understand.py"
    name, role, actions = OFFERED[step]
    lines = tuple(KnownLine(n, f"Item {n}", Decimal(100), "pcs", Decimal("4.5")) for n in (1, 2, 3))
    situation = Situation(name, role, STEPS[name, role], "X-1", "EUR", "en", date(2026, 11, 24), lines)
    heard = [meaning_of(phrase, situation) for phrase in words.REPLIES[step]]
    assert [action.name for meaning in heard for action in meaning.actions] == actions
    assert not any(meaning.questions for meaning in heard)
