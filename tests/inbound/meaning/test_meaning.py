"""What an answer means: the grammar of lines, decisions and what holds them back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound.meaning.limits import QUESTIONS
from inbound.meaning.meaning import meaning_of
from inbound.meaning.understand import STEPS, understand_line
from templates.phrases import trait
from templates.words import REPLIES
from workflows.actions import Action, KnownLine, Meaning, Situation

LINES = (
    KnownLine(1, "Hex bolt M8x40", Decimal(100), "pcs"),
    KnownLine(2, "Gear pump GP-20", Decimal(10), "pcs"),
    KnownLine(3, "Hydraulic hose DN 50", Decimal(25), "m"),
)


def a_situation(name: str, role: str = "supplier", **changes: Any) -> Situation:
    """One of the situations of `postroom understand`, about three lines, on 24 November 2026."""
    values: dict[str, Any] = {
        "document": "DOC-31",
        "currency": "EUR",
        "locale": "en_GB",
        "today": date(2026, 11, 24),
        "lines": LINES,
        "steps": STEPS[name, role],
    }
    return Situation(name, role, **(values | changes))


def understood(text: str, name: str, role: str = "supplier", **changes: Any) -> Meaning:
    """The meaning of a text in a situation."""
    return meaning_of(text, a_situation(name, role, **changes))


def asked_for(meaning: Meaning) -> list[tuple[str, dict[str, object]]]:
    """The actions of a meaning, by name and data."""
    return [(action.name, action.data()) for action in meaning.actions]


def test_f23_a_supplier_invoices_a_whole_order_with_its_own_number() -> None:
    """The number and the tax are the supplier's to say."""
    meaning = understood("invoice all, no. 22914, 20 % VAT", "order")
    assert asked_for(meaning) == [("invoice_all", {"number": "22914", "tax_rate": Decimal(20)})]
    assert not meaning.questions


@pytest.mark.parametrize(
    ("text", "rate"),
    [("invoice all, VAT 20%", "20"), ("Alles berechnen, 19 % MwSt", "19"), ("Facturer tout, TVA 5,5 %", "5.5")],
)
def test_f23_a_supplier_says_the_rate_of_its_tax(text: str, rate: str) -> None:
    """The rate goes along with the wish for an invoice, in any language."""
    assert asked_for(understood(text, "order")) == [("invoice_all", {"tax_rate": Decimal(rate)})]


def test_f23_two_rates_of_tax_are_asked_about() -> None:
    """Which of them is meant is not for us to say."""
    meaning = understood("invoice all, 20 % VAT, hoses 10 % VAT", "order")
    assert "tax" in [question.about for question in meaning.questions]
    assert all(action.tax_rate is None for action in meaning.actions)


@pytest.mark.parametrize(
    ("text", "day"),
    [("delivery: Friday", 27), ("Lieferung morgen", 25), ("dostawa w piątek", 27), ("Levering: woensdag", 25)],
)
def test_a_named_day_is_read_where_it_can_mean_one_day_only(text: str, day: int) -> None:
    """On Tuesday the 24th "Friday" is the 27th."""
    assert asked_for(understood(text, "rfp")) == [("set_delivery", {"date": date(2026, 11, day)})]


@pytest.mark.parametrize("text", ["delivery: next Friday", "delivery: Tuesday", "Lieferung: nächsten Freitag"])
def test_an_open_day_is_asked_about(text: str) -> None:
    """ "Next Friday", and the day that today is, may be two days."""
    meaning = understood(text, "rfp")
    assert not meaning.actions
    assert [question.about for question in meaning.questions] == ["date"]


@pytest.mark.parametrize("text", ["aproved", "Genehmgit", "aprovado", "zatwiedzam", "затвержую", "goedgekeurt"])
def test_a_misspelt_command_is_heard(text: str) -> None:
    """One slip in a long word leaves no doubt."""
    assert asked_for(understood(text, "invoice_matching", "buyer")) == [("approve", {})]


@pytest.mark.parametrize(
    "text", ["unapproved", "disapproved", "omawiamy", "відновляємо", "nicht genehmgit", "nie zatwiedzam"]
)
def test_a_slip_is_never_guessed_to_a_contrary_word(text: str) -> None:
    """What begins otherwise, is a word of its own or is denied is no command."""
    meanings = [understood(text, *at) for at in (("invoice_matching", "buyer"), ("order", "supplier"))]
    assert not any(meaning.actions for meaning in meanings)


def test_a_sentence_in_another_language_holds_a_decision_back() -> None:
    """Each sentence is heard in its own language."""
    assert asked_for(understood("Wir bestätigen den Auftrag.\nThanks and have a nice day!", "order")) == [
        ("acknowledge", {})
    ]
    meaning = understood("Wir bestätigen den Auftrag.\nBut only if you can pay the invoice in advance.", "order")
    assert not meaning.actions
    assert meaning.questions


def test_a_refusal_follows_its_reason() -> None:
    """A reason in front is the reason, and no condition."""
    meaning = understood("Due to a fire in our plant we have to refuse the order.", "order")
    assert asked_for(meaning) == [("refuse", {"reason": "Due to a fire in our plant"})]


def test_f24_a_supplier_edits_the_lines_of_its_invoice() -> None:
    """Quantity and price of a line, by its number."""
    meaning = understood("2: 8 x 11.50", "invoice_draft")
    assert asked_for(meaning) == [("invoice_line", {"n": 2, "qty": Decimal(8), "price": Decimal("11.50")})]


def test_f41_a_supplier_gives_its_day_of_delivery() -> None:
    """A day without a year is the next one."""
    meaning = understood("delivery: 12 Dec", "rfp")
    assert asked_for(meaning) == [("set_delivery", {"date": date(2026, 12, 12)})]


@pytest.mark.parametrize(
    "text",
    ["1: 12.50", "1) 12.50", "line 1 - 12.50", "Hex bolt: 12.50", "hex bolts 12.50 each", "#1: 12,50", "1 = 12.50"],
)
def test_f42_a_supplier_types_a_price(text: str) -> None:
    """A line is named by number or by its words, and decimals are written with point or comma."""
    assert asked_for(understood(text, "rfp")) == [("quote_line", {"n": 1, "price": Decimal("12.50")})]


@pytest.mark.parametrize(
    ("text", "price"), [("oat milk 1.49", "1.49"), ("oat milk 1 l 1.49", "1.49"), ("oat milk 1", "1")]
)
def test_f42_a_number_of_the_lines_text_is_no_price(text: str, price: str) -> None:
    """The 1 of "1 l" is left out, the 1 of 1.49 is not."""
    line = KnownLine(1, "Oat milk barista 1 l", Decimal(240), "pcs")
    meaning = understood(text, "rfp", lines=(line, *LINES[1:]))
    assert asked_for(meaning) == [("quote_line", {"n": 1, "price": Decimal(price)})]


@pytest.mark.parametrize("text", ["hose: 7.20 per kg", "3: 25 pcs x 7.20"])
def test_f42_a_price_for_another_unit_is_asked(text: str) -> None:
    """A price per kilogram is none for metres."""
    meaning = understood(text, "rfp")
    assert not meaning.actions
    assert meaning.questions


def test_f42_words_of_the_grammar_name_no_line() -> None:
    """A line of consulting days is not meant by "30 days"."""
    line = KnownLine(4, "Consulting day", Decimal(10), "day")
    meaning = understood("1: 22.50, valid 30 days", "rfp", lines=(*LINES, line))
    assert all(action.n == 1 for action in meaning.actions)


def test_f42_a_supplier_types_prices_into_the_quoted_table() -> None:
    """Rows of our own table that were filled in count although they stand in the quote."""
    quoted = "> 1. Hex bolt M8x40   0.42\n>    100 pcs\n> 2. Gear pump GP-20\n>    10 pcs\n"
    meaning = meaning_of("see below", a_situation("rfp"), quoted=quoted)
    assert asked_for(meaning) == [("quote_line", {"n": 1, "price": Decimal("0.42")})]


@pytest.mark.parametrize("text", ["3: no bid", "we can't supply line 3", "no bid for the hose", "line 3: n/a"])
def test_f43_a_supplier_rejects_one_item(text: str) -> None:
    """By number or by its words."""
    assert asked_for(understood(text, "rfp")) == [("no_bid", {"n": 3})]


def test_f44_a_supplier_rejects_every_item() -> None:
    """Each line is rejected; what becomes of the proposal is the workflow's rule."""
    meaning = understood("all: no bid", "rfp")
    assert [action.n for action in meaning.actions if action.name == "no_bid"] == [1, 2, 3]


@pytest.mark.parametrize(("text", "about"), [("1: 1.234", "figure"), ("delivery: 03/04/27", "date")])
def test_b17_what_nothing_settles_is_asked(text: str, about: str) -> None:
    """Without a locale and without another figure, nothing is guessed."""
    meaning = understood(text, "rfp", locale=None)
    assert not meaning.actions
    assert [question.about for question in meaning.questions] == [about]


def test_b17_the_locale_of_the_writer_settles_a_date() -> None:
    """The same figures are two days in two countries."""
    british = understood("delivery: 03/04/27", "rfp", locale="en_GB")
    american = understood("delivery: 03/04/27", "rfp", locale="en_US")
    assert british.actions[0].date == date(2027, 4, 3)
    assert american.actions[0].date == date(2027, 3, 4)


def test_b17_another_figure_of_the_mail_settles_an_amount() -> None:
    """Who writes 11,90 means a thousand by 1.234."""
    meaning = understood("1: 1.234\n2: 11,90", "rfp", locale=None)
    assert [action.price for action in meaning.actions] == [Decimal(1234), Decimal("11.90")]


def test_b17_the_price_of_the_line_settles_an_amount() -> None:
    """Where one reading is what the document says, that one is meant."""
    line = KnownLine(1, "Copper wire", Decimal(5), "m", Decimal("1.234"))
    meaning = understood("1: 5 x 1.234", "invoice_draft", locale=None, lines=(line,))
    assert meaning.actions[0].price == Decimal("1.234")


@pytest.mark.parametrize(
    "text",
    ["delivery in 10 working days", "delivery: CW 50", "delivery: 4-6 weeks", "delivery: asap", "delivery 30 Feb"],
)
def test_b2_a_lead_time_is_asked_about_as_a_day(text: str) -> None:
    """Weeks and working days are never made into a date."""
    meaning = understood(text, "rfp")
    assert not meaning.actions
    assert [question.about for question in meaning.questions] == ["date"]


@pytest.mark.parametrize(
    "beside",
    [
        "if the price is 12",
        "but only line 1",
        "up to 500 EUR",
        "once the goods are here",
        "in principle",
        "I guess",
        "🙄",
    ],
)
def test_a_decision_beside_a_doubt_becomes_a_question(beside: str) -> None:
    """Nothing is decided, and the question names what stood beside it."""
    for joint in (" ", ", ", ". "):
        meaning = understood(f"Approved{joint}{beside}", "invoice_matching", "buyer")
        assert not meaning.actions
        assert meaning.questions


def test_a_decision_beside_a_question_of_ours_waits() -> None:
    """What is sure about lines is taken, the decision is not."""
    meaning = understood("1: 0.42\n2: 11 or 12\nconfirm", "proposal_draft")
    assert asked_for(meaning) == [("quote_line", {"n": 1, "price": Decimal("0.42")})]
    assert meaning.questions


def test_contrary_decisions_are_asked_about() -> None:
    """Two decisions in one mail are none."""
    meaning = understood("approve\nreject: too late", "invoice_matching", "buyer")
    assert not meaning.actions
    assert meaning.questions


def test_a_line_that_a_mail_program_wrapped_is_no_command() -> None:
    """The second half of a sentence is not heard alone."""
    meaning = understood("We would like to ask you not to\nconfirm", "invoice_draft")
    assert not meaning.actions


def test_words_of_our_own_mail_below_are_not_heard() -> None:
    """What our mails offer as an answer is not the answer."""
    meaning = understood("Thanks!\n\nSimply reply to this mail with:\n  approve\n", "invoice_matching", "buyer")
    assert not meaning.actions


def test_reasons_are_kept() -> None:
    """After a colon, after "because" and in the next sentence."""
    for text in ("reject: sent twice", "Rejected because sent twice", "Rejected. You sent it twice."):
        (action,) = understood(text, "invoice_matching", "buyer").actions
        assert action.name == "reject"
        assert "twice" in (action.reason or "")


def test_a_needed_reason_is_asked_for() -> None:
    """An order is not refused without saying why."""
    meaning = understood("We refuse the order.", "order")
    assert not meaning.actions
    assert [question.about for question in meaning.questions] == ["reason"]


ENTRIES = {"counter": "counter_line", "create_invoice": "invoice_all", "quote": "quote_line", "edit": "invoice_line"}
"""Steps that take entries, and what their entries are called."""


@pytest.mark.parametrize(("step", "words"), [(step, words) for step, said in REPLIES.items() for words in said])
def test_what_our_mails_offer_is_understood(step: str, words: str) -> None:
    """Every sentence that a mail suggests as an answer is an action, without a question."""
    data = {"quote_line", "no_bid", "set_delivery"} if step in ("quote", "reject_lines", "set_delivery") else set()
    names = {ENTRIES.get(step, step), "invoice_number", *data}
    names |= {"confirm"} if step == "resubmit" else set()
    situation = a_situation("order" if step in ("acknowledge", "counter") else "rfp" if data else "invoice_draft")
    meaning = meaning_of(words, replace(situation, steps=frozenset(names)))
    assert meaning.actions
    assert not meaning.questions


def test_a_plain_note_is_left_alone() -> None:
    """Talk between two people makes no action and no question of ours."""
    meaning = understood("Hi Anna,\n\ncould you send me the drawings again? Our ramp is open until 4 pm.\n", "order")
    assert meaning == Meaning(note="Hi Anna,\n\ncould you send me the drawings again? Our ramp is open until 4 pm.")


def test_only_allowed_steps_are_asked_for() -> None:
    """A supplier cannot approve its own invoice, however it puts it."""
    for name, role in STEPS:
        for text in ("approve", "confirm", "award", "accept", "2: 8 x 11.50", "undo", "publish it"):
            meaning = understood(text, name, role)
            assert {action.name for action in meaning.actions} <= STEPS[name, role]


def test_a_subject_alone_decides_nothing() -> None:
    """A wish in it is heard, an approval is not."""
    assert asked_for(meaning_of("", a_situation("order"), "status")) == [("status", {})]
    assert meaning_of("", a_situation("invoice_matching", "buyer"), "approve") == Meaning(note="approve")
    assert meaning_of("", a_situation("order"), "Re: status") == Meaning()


def test_a_mail_that_is_too_long_decides_nothing() -> None:
    """A word among thousands is not looked for."""
    meaning = understood("Approved.\n" + "The weather is fine. " * 2_000, "invoice_matching", "buyer")
    assert not meaning.actions
    assert meaning.questions


HOSTILE = {
    "sentences": "a. " * 20_000,
    "quoted": "> a\n" * 20_000,
    "wrote": "On Mon, someone\n" * 20_000,
    "words": "word " * 50_000,
    "spaces": " " * 50_000 + "x",
    "rows": "1: 12.50\n" * 20_000,
    "digits": "1" * 60_000,
    "commas": "confirm, " * 20_000,
    "brackets": "(" * 30_000,
    "figures": "8x" * 20_000,
    "references": "line 1, 2, 3, " * 4_000,
    "ranges": "lines 1-9999, " * 4_000,
    "days": "12 Dec " * 10_000,
    "openings": "we can i do please " * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(60)
def test_hostile_text_costs_little(name: str) -> None:
    """Twenty thousand lines or fifty thousand words take no more than a moment."""
    many = tuple(KnownLine(n, f"Part {n} bolt M{n}") for n in range(1, 1_001))
    for situation in (a_situation("order", lines=many), a_situation("invoice_matching", "buyer", lines=many)):
        meaning = meaning_of(HOSTILE[name], situation, quoted=HOSTILE[name])
        assert len(meaning.questions) <= QUESTIONS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(sorted(STEPS)))
def test_any_text_gives_a_meaning(text: str, at: tuple[str, str]) -> None:
    """Whatever is written, the answer has its shape and holds allowed steps only."""
    out = understand_line({"id": 1, "situation": at[0], "role": at[1], "body": text})
    assert set(out) == {"id", "actions", "questions", "ask", "note"}
    assert out["questions"] == bool(out["ask"])
    assert {action["action"] for action in out["actions"]} <= STEPS[at]


def test_malformed_input_lines_are_answered() -> None:
    """What is missing or of the wrong kind counts as absent."""
    context = {"today": "soon", "lines": [{"n": "x"}, {"n": 1, "qty": "NaN"}, 7], "locale": "xx-nowhere"}
    out = understand_line({"id": 5, "situation": "rfp", "context": context, "body": "1: 12.50"})
    assert out["actions"] == [{"action": "quote_line", "n": 1, "price": "12.50"}]


def test_decisions_are_told_from_data() -> None:
    """An action that nobody described decides something: the careful side."""
    assert trait("a_new_step").kind == "decides"
    assert Action("quote_line", n=1).data() == {"n": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Great, thanks. We'll come back to you.",
        "Ok thanks, will get back to you tomorrow",
        "Super, danke. Wir melden uns.",
        "Vale, os digo algo mañana",
        "Oui merci, on revient vers vous",
        "Perfetto, grazie. Vi faremo sapere.",
        "Prima, bedankt. We komen erop terug.",
        "Ok, damy znać jutro",
        "Добре, дам знати завтра",
    ],
)
def test_a_courtesy_before_an_answer_that_is_put_off_decides_nothing(text: str) -> None:
    """ "Great" is politeness where the answer is to come; it is no decision, and nothing to ask about."""
    for name, role in (("order", "supplier"), ("invoice_draft", "supplier"), ("invoice_matching", "buyer")):
        meaning = understood(text, name, role)
        assert (meaning.actions, meaning.questions) == ((), ())


def test_a_decision_before_something_that_is_put_off_is_no_courtesy() -> None:
    """What is said in so many words is taken, or asked about where it hangs together with what is to come."""
    assert [act.name for act in understood("Works for us. We'll come back to you.", "order").actions] == ["acknowledge"]
    assert understood("Ok, we accept and will get back to you with a date", "order").questions


@pytest.mark.parametrize(
    ("text", "changes", "action"),
    [
        ("bolts 5 cents each", {}, {"n": 1, "price": Decimal("0.05"), "currency": "EUR"}),
        ("Hex bolt: 11 euros 20", {}, {"n": 1, "price": Decimal("11.20"), "currency": "EUR"}),
        ("Hex bolt $74.00", {"currency": "NZD"}, {"n": 1, "price": Decimal("74.00"), "currency": "NZD"}),
    ],
)
def test_prices_are_read_as_people_write_them(text: str, changes: dict[str, Any], action: dict[str, Any]) -> None:
    """Cents are parts of the currency, and a dollar is that of the document."""
    assert asked_for(understood(text, "rfp", **changes)) == [("quote_line", action)]


@pytest.mark.parametrize(
    "text", ["bolts from 7 December", "no bolts until 7 December", "bolts only from 7 December on"]
)
def test_a_day_from_which_something_is_there_is_a_day(text: str) -> None:
    """The first day is what is counter-proposed."""
    assert asked_for(understood(text, "order")) == [("counter_line", {"n": 1, "date": date(2026, 12, 7)})]


def test_a_month_before_a_price_is_no_day() -> None:
    """In "October 8,40" the figure is a price."""
    found = asked_for(understood("The bolts cost 8,40 since October 8,40.", "order", locale="de_DE"))
    assert ("counter_line", {"n": 1, "price": Decimal(40)}) not in found


def test_an_amount_that_no_line_is_named_for_is_asked_about() -> None:
    """It may change the order, so it is no mere note."""
    assert understood("Brackets are no problem, but the boards are 20.90 by now.", "order").questions


def test_a_refusal_says_until_when_it_holds() -> None:
    """What comes before the refusal is its reason."""
    meaning = understood("I'm fully booked till the new year so I'll have to pass on this one, sorry!", "order")
    assert [act.name for act in meaning.actions] == ["refuse"]


def test_an_accepted_order_may_tell_what_is_there_already() -> None:
    """What offends beside an invoice is no doubt beside an order."""
    meaning = understood("All good, the goods are in the shop already so you'll have them as you wanted.", "order")
    assert [act.name for act in meaning.actions] == ["acknowledge"]


def test_the_day_on_which_an_offer_comes_is_no_day_of_delivery() -> None:
    """Only goods are delivered."""
    assert not understood("Our offer will be with you tomorrow.", "rfp").actions
