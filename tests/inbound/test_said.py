"""What a person wrote is told from what the mail carries along."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.said import Parts, Role, split

HERE = Path(__file__).parent
OPENINGS = (HERE / "openings.txt").read_text(encoding="utf-8").strip().split("\n\n")
REPLIES = (HERE / "replies.txt").read_text(encoding="utf-8").removeprefix("## ").split("\n## ")
ANSWERS = (HERE / "answers.txt").read_text(encoding="utf-8").removeprefix("## ").split("\n## ")
BANNERS = (HERE / "banners.txt").read_text(encoding="utf-8").strip().split("\n\n")


@pytest.mark.parametrize(
    "opening",
    [
        "On Tue, 3 Mar 2026 at 10:00, Postroom <orders@buyer.example> wrote:",
        "On Tue, 3 Mar 2026 at 10:00, Postroom <\norders@buyer.example> wrote:",
        "Am 03.03.2026 um 10:00 schrieb Orders:",
        "Le mar. 3 mars 2026 à 10:00, Orders <orders@buyer.example> a écrit :",
        "El 3/3/2026 a las 10:00, Orders <orders@buyer.example> escribió:",
        "Il giorno mar 3 mar 2026 alle ore 10:00 Orders\n<orders@buyer.example> ha scritto:",
        "Op di 3 mrt 2026 om 10:00 schreef Orders <orders@buyer.example>:",
        "wt., 3 mar 2026 o 10:00 Orders <orders@buyer.example> napisał(a):",
        "вт, 3 бер. 2026 р. о 10:00 Orders <orders@buyer.example> пише:",
        "From: Orders <orders@buyer.example>\nSent: Tuesday, 3 March 2026 10:00\nTo: Ana\nSubject: Order 17",
        "________________________________\nVon: Orders <orders@buyer.example>\nGesendet: 03.03.2026 10:00\nAn: Ana",
        "Orders <orders@buyer.example> schrieb am Di., 3. März 2026, 10:00:",
        "pe 3. maaliskuuta 2026 klo 10.00 Orders\n<orders@buyer.example> kirjoitti:",
        "2026年3月3日(火) 10:00 Orders <orders@buyer.example>:",
        "Fra: Orders <orders@buyer.example>\nSendt: 3. marts 2026 10:00\nTil: Ana\nEmne: Ordre",
        "Kimden: Orders <orders@buyer.example>\nGönderildi: 3 Mart 2026 10:00\nKime: Ana\nKonu: x",
        "##- Please type your reply above this line -##",
        "-----Original Message-----",
        "-------- Ursprüngliche Nachricht --------",
        "-------- Message d'origine --------",
        *OPENINGS,
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_a_quote_is_told_by_how_it_opens(opening: str, mark: str) -> None:
    """In any supported language, with and without quote marks, only the answer is said."""
    quote = f"{mark}Please confirm order 17.\n{mark}1: 8 x 11.50"
    parts = split(f"We confirm.\n\n{opening}\n\n{quote}\n")
    assert parts.said == "We confirm."
    assert "8 x 11.50" in parts.quoted


@pytest.mark.parametrize("reply", REPLIES, ids=[reply.partition("\n")[0] for reply in REPLIES])
def test_a_reply_is_split_as_its_program_writes_it(reply: str) -> None:
    """Of a whole reply of a mail program the words above are said, what it and the person's signature add is not."""
    own, _, added = reply.partition("\n")[2].partition("\n%%\n")
    parts = split(f"{own}\n\n{added}\n")
    assert parts.said == own
    assert "Orders" in parts.quoted


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer.partition("\n")[0] for answer in ANSWERS])
def test_of_a_whole_mail_what_its_author_wrote_is_said(answer: str) -> None:
    """Above, below and between a quote, with dates, labels, lists and signs of its own, and with any signature."""
    text, _, said = answer.partition("\n")[2].partition("\n%%\n")
    assert split(text).said == said.strip("\n")


def test_answers_between_quoted_lines_are_said() -> None:
    """Who answers inline, below each quoted line, is heard in full."""
    parts = split(
        "On 3 Mar 2026 10:00, A <a@b.example> wrote:\n> 1: price?\n12.50\n> 2: price?\n\nno bid\n> 3: date?\n"
    )
    assert parts.said == "12.50\n\nno bid"


def test_an_answer_below_the_quote_is_said() -> None:
    """Bottom posting is heard."""
    assert split("On 3 Mar 2026 10:00, A <a@b.example> wrote:\n> Confirm?\n\nConfirmed.").said == "Confirmed."


def test_what_a_mail_program_wrapped_stays_quoted() -> None:
    """The end of a quoted line that did not fit is no answer."""
    quote = (
        "> the delivery must reach our warehouse in Celle before noon on the twelfth of\nnovember at the latest\n> ok?"
    )
    assert split(f"Yes.\n\n{quote}\n").said == "Yes."


@pytest.mark.parametrize(
    "text",
    [
        "On 12 March 2026 we shipped everything.\nPlease confirm.",
        "Please send the invoice of 12.03.2026 to ap@buyer.example:\nthe copy is attached.",
        "From: Hamburg\nTo: Rotterdam\nbefore Friday",
        "Delivery:\n- 12 Dec: 5 pcs\n- 14 Dec: 3 pcs",
        "Date: 12 December\nTime: 9:00\nPlace: dock 4",
        "Sent from my desk, this takes a little longer.",
        "Prices:\n-- 1: 11.50\n-- 2: 12.50",
        ">>> see www.supplier.example <<<",
        ">= 5 pieces cost 10 EUR",
        "As Mr. Smith wrote on 3 March 2026:\nthe price stays 11.50.",
        "On 3 March you said 11.50 per piece:\n1: 11.50\n2: 12.50",
        "Am 03.03.2026 haben wir geliefert:\n1: 5 Stück",
        "Please contact Bo Smith <bo@supplier.example>:\nhe knows the details.",
        "Date: 3 March 2026\nSubject: our offer\nTo: buyer@buyer.example\n\nDear Sir, our price is 11.50",
        "Subject: RFP-3\n1: 12.50\n2: no bid",
        "Item   Price\n-----------\nBolt   12.50\n-----------\nNut    1.50",
        "--\nBolt: 12.50",
        "Cheers\n2: 8 x 11.50\n3: no bid",
        "Regards,\nAna\n\n1: 12.50\n2: 13.50",
        "This message contains our offer:\n1: 12.50",
        "Warning: external storage is full, delivery on 12 Dec.",
        "Attention: this email replaces our offer.\n1: 12.50",
    ],
)
def test_plain_words_are_not_taken_for_a_quote(text: str) -> None:
    """Dates, labels and dashes of an ordinary letter stay said."""
    parts = split(text)
    assert (parts.said, parts.quoted, parts.signature) == (text, "", "")


@pytest.mark.parametrize(
    ("text", "said", "signature"),
    [
        ("Confirm.\n\n-- \nAna\nSupplier Ltd", "Confirm.", "-- \nAna\nSupplier Ltd"),
        ("Confirm.\n\nKind regards,\nAna\nTel: +49 30 1234", "Confirm.", "Kind regards,\nAna\nTel: +49 30 1234"),
        ("Confirm.\n\nMit freundlichen Grüßen\nAna", "Confirm.", "Mit freundlichen Grüßen\nAna"),
        ("Ok.\n\nRegards,\nAna\n\ndelivery: 12 Dec", "Ok.\n\nRegards,\nAna\n\ndelivery: 12 Dec", ""),
        ("Ok.\n\nDanke\nAna", "Ok.", "Danke\nAna"),
        ("Confirm.\n\nSent from my iPhone", "Confirm.", "Sent from my iPhone"),
        (
            "Confirm.\n\nThis e-mail and any attachments are secret.",
            "Confirm.",
            "This e-mail and any attachments",
        ),
        ("Thanks,\nAna", "Thanks,\nAna", ""),
        ("Thanks,\nAna\n2: 8 x 11.50", "Thanks,\nAna\n2: 8 x 11.50", ""),
        ("Confirm.\n\nThanks,\nAna\nPS: 2: 8 x 11.50", "Confirm.\n\nThanks,\nAna\nPS: 2: 8 x 11.50", ""),
    ],
)
def test_a_signature_is_cut_and_nothing_else(text: str, said: str, signature: str) -> None:
    """Names and numbers below a greeting go, figures that answer stay."""
    parts = split(text)
    assert parts.said == said
    assert parts.signature.startswith(signature)


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside the organization.\nDo not click links.\n",
        "[External Email]\n",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender.",
        "ATTENTION : cet e-mail provient de l'extérieur.\n",
        "You don't often get email from a@b.example. Learn why this is important\n",
        *BANNERS,
    ],
)
def test_a_banner_above_the_text_is_cut(banner: str) -> None:
    """The warning of the reader's own mail system is nobody's words."""
    assert split(f"{banner}\nApprove.").said == "Approve."


def test_a_forwarded_text_is_kept_apart() -> None:
    """What stands below a forward title is neither said nor quoted."""
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: Eve <eve@x.example>\nSubject: approve\n\napprove"
    parts = split(text)
    assert (parts.said, parts.quoted) == ("FYI", "")
    assert parts.forwarded.endswith("approve")


def test_a_header_block_under_a_forward_subject_is_forwarded() -> None:
    """Outlook forwards without a title; the subject tells."""
    text = "FYI\n\nFrom: Eve <eve@x.example>\nSent: 3 March 2026 10:00\nTo: Ana\nSubject: invoice\n\nsee attached"
    assert split(text, subject="FW: invoice").forwarded.startswith("From: Eve")
    assert split(text, subject="Re: invoice").quoted.startswith("From: Eve")


def test_html_is_read_where_there_is_no_text() -> None:
    """Block quotes, signatures and tables of HTML come out as they would in text."""
    html = (
        "<html><head><style>p{}</style></head><body><div>Confirm<br>2: 8&nbsp;x 11.50</div>"
        "<div class='gmail_signature'>Ana</div><div class='gmail_quote'><div class='gmail_attr'>On Tue wrote</div>"
        "<blockquote><p>1: price?</p></blockquote>no bid<blockquote>2: price?</blockquote></div></body></html>"
    )
    parts = split("", html)
    assert parts.said == "Confirm\n2: 8 x 11.50\nno bid"
    assert parts.signature == "Ana"


def joined(parts: Parts) -> str:
    """Return the text that the pieces make."""
    return "".join(text for _, text in parts.pieces)


LINES = st.sampled_from(
    [
        "",
        "> a",
        "word",
        "On Tue, 3 Mar 2026 at 10:00, A <a@b.example> wrote:",
        "From: a@b.example",
        "Sent: 3 March 2026 10:00",
        "-- ",
        "Regards,",
        "Ana",
        "Sent from my iPhone",
        "---------- Forwarded message ----------",
        "____________",
        "reply On Wed, Apr 4, 2012 at 3:59 PM, bob@example.com wrote:",
    ]
)


@given(st.lists(LINES).map("\n".join) | st.text())
def test_no_byte_is_lost(text: str) -> None:
    """The pieces joined give the text again, whatever it is."""
    parts = split(text)
    assert joined(parts) == text
    assert {role for role, _ in parts.pieces} <= set(Role)


@pytest.mark.parametrize(
    "text",
    [
        "> a\n" * 20_000,
        "On Mon, someone\n" * 20_000,
        "On 3 Mar 2026 10:00 a@b.example\n" * 20_000,
        "On " + "word " * 50_000,
        " " * 50_000 + "x",
        "From:\nSent:\nTo:\nSubject:\n" * 5_000,
        "Regards,\n" * 20_000,
        "a@b.example wrote: " * 10_000,
        "prose and more prose. " * 10_000,
        "-" * 100_000,
    ],
)
@pytest.mark.timeout(20)
def test_hostile_text_costs_time_in_proportion(text: str) -> None:
    """No text makes the splitter slow."""
    split(text)


@pytest.mark.parametrize(
    ("card", "is_signature"),
    [
        ("Ana Schmidt\nSales\nSupplier Ltd\nTel. +49 30 123456\nwww.supplier.example", True),
        ("Ana Schmidt | Supplier Ltd | +49 30 123456 | ana@supplier.example", True),
        ("i.A. Ana Schmidt\nSupplier GmbH · Hauptstr. 5 · Berlin\nTelefon: 030 / 123 45 67", True),
        ("Anna Kowalska\nDział Sprzedaży\ntel. 22 123 45 67", True),
        ("---\nAna", True),
        ("_________________\nAna Schmidt\nSupplier", True),
        ("Z poważaniem / Best regards\nAnna Kowalska", True),
        ("Call me at +49 30 123456 if in doubt.", False),
        ("Invoice 4711 of 03.03.2026\nTotal: 12.50 EUR", False),
        ("DE89 3704 0044 0532 0130 00", False),
        ("Bolt M8 5 pcs\nNut M8 10 pcs", False),
        ("-----------\nBolt   12.50\nNut   1.50", False),
    ],
)
def test_a_signature_needs_no_closing(card: str, is_signature: bool) -> None:
    """A name with a telephone number or a page below it is one; figures that answer are not."""
    parts = split(f"We confirm.\n\n{card}\n")
    assert (parts.said, parts.signature) == (("We confirm.", card) if is_signature else (f"We confirm.\n\n{card}", ""))


def test_a_person_who_is_asked_for_is_no_signature() -> None:
    """Who writes the address of a colleague wants that colleague invited."""
    text = "Please invite my colleague:\n\nBob Smith\nbob@supplier.example\n+49 30 123456"
    assert split(text).said == text


def test_more_than_is_no_quote_mark() -> None:
    """Figures behind a "greater than" are the person's; quoted questions are not."""
    text = "Our prices:\n>100 pcs: 9.50\n>500 pcs: 9.00\n\nok?"
    assert split(text).said == text
    assert split(">Can you deliver 5?\n>100 pieces in April?\nYes.").said == "Yes."


def test_answers_behind_arrows_in_quoted_lines_are_said() -> None:
    """Some type their answers into the lines that ask."""
    parts = split("> Can you deliver? --> yes, on 12 Dec\n> Price? ==> 12.50\n> ok?")
    assert parts.said == "yes, on 12 Dec\n12.50"
    assert parts.quoted == "> Can you deliver? --> > Price? ==> > ok?"


def test_the_armour_of_a_signed_text_is_no_word_of_it() -> None:
    """OpenPGP writes lines above and below the text that it signs."""
    above = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n"
    below = "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----"
    assert split(f"{above}\nOk.\n{below}").said == "Ok."


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("word\n" * 20_000, "", "more than 5000 lines"),
        (("word " * 500 + "\n") * 1_000, "", "2000000 characters"),
        ("On " + "word " * 50_000, "", "a line of more than 20000 characters"),
        ("On 3 Mar 2026 10:00 a b c d e f g h i j said a:\n" * 5_000, "", "too many lines that may open a quote"),
        ("", "<p>word</p>" * 60_000, "the HTML is over the limit"),
    ],
)
def test_what_was_not_looked_at_is_told(text: str, html: str, words: str) -> None:
    """Limits name themselves, and what stands behind them is never taken for the person's words."""
    parts = split(text, html)
    assert any(words in defect for defect in parts.defects)
    assert html or joined(parts) == text
