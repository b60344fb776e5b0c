"""The notices: every one has its words, in both parts the same, and nothing that should not be there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from python_calamine import CalamineWorkbook

from outbound.documents.order import order_xlsx
from outbound.documents.printed import layout
from outbound.facts import tidy
from outbound.notices import ONE_SIDED
from templates import catalogues, environment
from templates.environment import ROOM, Said, mail, notices, reader_of
from templates.msgids import msgids
from templates.words import DIFFERENCES as DIFFERENCE_LABELS
from templates.words import KINDS, STATUSES, STEPS
from tests.notices import DIFFERENCES, FACTS, ORDER, all_facts, links, some_facts
from workflows.differences import DifferenceCode
from workflows.engine.registry import all_workflows
from workflows.people import Side

every_notice = pytest.mark.parametrize("name", notices())
URL = "https://po.example.com/l/"


def said(name: str, facts: dict[str, Any], language: str = "en", zone: str = "UTC") -> Said:
    """A notice's words, with the URLs that composing adds."""
    known = tidy(facts)
    known["links"] = [{**link, "url": URL + link["key"]} for link in known.get("links") or ()]
    return mail(name, reader_of(language, zone=zone), known)


def words_of_text(text: str) -> list[str]:
    """The words of a text part, without links and the marks that isolate a direction."""
    return re.findall(r"\w+", re.sub(r"https?://\S+", " ", text))


def words_of_html(source: str) -> list[str]:
    """The words that a person sees in an HTML part."""
    seen = re.sub(r"<(style|title)\b.*?</\1>|<!--.*?-->", " ", source, flags=re.DOTALL)
    seen = re.sub(r"</?(b|bdi|span|a)\b[^>]*>", "", seen)
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", seen)))


def test_every_notice_has_its_three_files_and_no_other():
    """A notice is a folder of subject, text and HTML."""
    folders = [path for path in (ROOM / "mails").iterdir() if path.is_dir()]
    assert len(folders) > 20
    for folder in folders:
        assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.mjml"}, folder.name


def test_every_notice_that_a_workflow_tells_has_its_words():
    """A step cannot announce what nobody wrote; nor can a notice be one-sided that does not exist."""
    told = {
        name
        for workflow in all_workflows().values()
        for step in workflow.steps.values()
        for pairs in step.tells.values()
        for _, name in pairs
    }
    assert len(told) > 10
    assert not (told | ONE_SIDED) - set(notices()), "each of these needs a folder in templates/mails/"


def test_every_step_and_status_of_a_workflow_has_a_label():
    """A button or a status is never shown as it is spelt in the code, which no catalogue translates."""
    for workflow in all_workflows().values():
        assert not {status.value for status in workflow.statuses} - set(STATUSES), "STATUSES in templates/words.py"
        assert workflow.kind in KINDS
        shown = {name for name, step in workflow.steps.items() if not step.creates and step.who.side is not Side.SYSTEM}
        assert not shown - set(STEPS), "STEPS in templates/words.py"
    assert {code.value for code in DifferenceCode} == set(DIFFERENCE_LABELS)


@every_notice
@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
def test_both_parts_of_a_notice_say_the_same(name, facts):
    """Whoever reads the text part misses nothing, in the same order."""
    notice = said(name, facts)
    assert words_of_text(notice.text) == words_of_html(notice.html)
    assert notice.subject
    assert "\n" not in notice.subject


@every_notice
def test_the_first_line_of_a_notice_says_who_reads_a_reply(name):
    """Nobody must guess whether the other side will see an answer."""
    shared, own = said(name, all_facts()), said(name, all_facts(side="buyer", readers="own"))
    assert shared.text.splitlines()[0] == "A reply to this mail is read by both sides: Ferrum and Acme Works."
    assert own.text.splitlines()[0] == "A reply to this mail stays inside Acme Works. Ferrum does not see it."
    alone = said(name, some_facts(supplier=None)).text.splitlines()[0]
    assert alone == "A reply to this mail is read by Acme Works."


@every_notice
def test_a_notice_says_what_happens_next_and_how_to_answer(name):
    """No notice leaves its reader alone with it."""
    text = said(name, all_facts()).text
    assert "What happens next: " in text
    assert "just reply to this mail" in text.lower()


@every_notice
def test_a_notice_has_one_button_at_most(name):
    """One primary action; the others are plain links."""
    source = said(name, all_facts()).html
    assert source.count('bgcolor="#0b5cad"') == 1
    assert source.count("<a href=") + source.count("<a  href=") == 4
    assert said(name, some_facts()).html.count('bgcolor="#0b5cad"') == 0


@every_notice
def test_a_notice_fetches_nothing_from_anywhere(name):
    """No picture, font or stylesheet of others: opening a mail tells nobody, and no link leads astray."""
    source = said(name, all_facts()).html
    assert not re.search(r"<(img|link|script|iframe|form)\b|@import|url\(|\ssrc=", source, re.IGNORECASE)
    targets = set(re.findall(r'https?://[^\s"<]+', source))
    assert {target for target in targets if not target.startswith(URL)} <= {"http://www.w3.org/1999/xhtml"}


@every_notice
def test_a_notice_of_two_hundred_lines_is_not_clipped(name):
    """Mail programs cut off above 102 KB; the rest of a long document is in its attachment."""
    many = [{**ORDER["lines"][0], "n": n, "text": "Schwerlastwinkelverbinder " * 6} for n in range(1, 201)]
    notice = said(name, all_facts(document={**ORDER, "lines": many}, answer=None))
    assert len(notice.html.encode()) < 100_000
    if "Items" in notice.text:
        assert "and 140 more items, which the attached document lists." in notice.text


def test_a_note_of_another_person_is_quoted_line_by_line():
    """Their words are set off from ours, and their line ends stay."""
    assert "Jan Kask writes:\n  Can you deliver earlier?\n  We pay the freight.\n" in said("note", all_facts()).text


def test_a_refusal_names_status_and_date_in_the_readers_words():
    """What a workflow froze as a code is read as a sentence."""
    text = said("answer", all_facts()).text
    assert "* 22914 is Approved since November 3, 2026; this can no longer be done." in text


def test_a_difference_shows_both_figures_in_the_documents_currency():
    """Amounts with their currency, quantities without."""
    text = said("invoice-differs", all_facts(differences=DIFFERENCES)).text
    assert "* Item 1, Steel bracket: Price above the order\n  ordered 4.50 EUR, invoiced 4.90 EUR\n" in text
    assert "  ordered 2,000, invoiced 2,500\n" in text
    assert "* Freight: Charge that is not in the order\n  ordered nothing, invoiced 25.00 EUR\n" in text


def test_a_deadline_is_shown_in_the_readers_time_zone():
    """16:00 UTC is five in the afternoon in Tallinn's winter plus one."""
    text = said("request-sent", FACTS["a request"], "en-GB", "Europe/Tallinn").text
    assert "Answer until: 4 December 2026, 18:00 EET" in text


def test_a_right_to_left_name_does_not_turn_its_sentence():
    """In HTML each value is isolated by an element, in text by marks, and only where it is needed."""
    notice = said("order-sent", some_facts(company={"name": "שקד (1987)"}, document=ORDER))
    assert "<bdi>שקד (1987)</bdi> orders from you." in notice.html
    assert "\u2068שקד (1987)\u2069 orders from you." in notice.text
    assert "\u2068" not in said("order-sent", some_facts(document=ORDER)).text


def test_a_name_with_direction_overrides_loses_them():
    """An override could show a file or a name backwards."""
    notice = said("note", all_facts(notes=[{"by": "a\u202eb\u2066c", "text": "x\u202ey"}]))
    assert "abc writes:" in notice.text
    assert not re.search("[\u202a-\u202e\u2066]", notice.text + notice.html)


def test_a_language_without_words_is_answered_in_english():
    """Words, direction and dates then agree with each other."""
    notice = said("order-sent", some_facts(document=ORDER), "he")
    assert 'lang="en" dir="ltr"' in notice.html
    assert "Delivery: December 12, 2026" in notice.text


def _other_letters(msgid: str, letters: str) -> str:
    """A msgid in letters of another script, its placeholders kept."""
    kept = re.split(r"(%\(\w+\)s|%%)", msgid)
    return "".join(
        part if part.startswith("%") else re.sub("[A-Za-z]", lambda m: letters[ord(m[0]) % len(letters)], part)
        for part in kept
    )


SENTENCES = ("%(document)s is %(status)s since %(since)s; this can no longer be done.", "There is no line %(n)s.")
"""Sentences that the facts bring with them, as workflows do."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogues of two languages, `uk` and `he` in their scripts, made from the msgids found in the sources."""
    made = tmp_path_factory.mktemp("locales")
    found = [message.id for message in msgids() if message.id]
    for language, letters in (("uk", "абвгдежзиклмнопрст"), ("he", "אבגדהוזחטיכלמנסעפצקרשת")):
        catalog = Catalog(locale=language)
        for msgid in (*found, *SENTENCES):
            if isinstance(msgid, tuple):
                one, many = (_other_letters(form, letters) for form in msgid)
                catalog.add(msgid, (one, *[many] * (catalog.num_plurals - 1)))
            else:
                catalog.add(msgid, _other_letters(msgid, letters))
        with (made / f"{language}.po").open("wb") as target:
            write_po(target, catalog)
    return made


@pytest.fixture
def made_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made-up languages in place of the shipped ones."""
    caches = (
        *(catalogues.languages, catalogues.spoken, catalogues.catalogue),
        *(environment.reader_of, environment.vocabulary, environment._blocks),
    )
    monkeypatch.setattr(catalogues, "LOCALES", folder)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def in_greek(facts: Any) -> Any:
    """Facts whose own words hold no Latin letter, so that every Latin word left is one of ours."""
    kept = {
        "kind",
        "status",
        "code",
        "action",
        "side",
        "readers",
        "step",
        "unit",
        "currency",
        "address",
        "key",
        "about",
    }
    if isinstance(facts, dict):
        return {
            name: value
            if name in kept or (name == "text" and "params" in facts) or name.endswith("date")
            else [["n", "7"]]
            if name == "params" and isinstance(value, list)
            else value
            if name in {"params", "deadline", "defects", "refused", "outcome"}
            else in_greek(value)
            for name, value in facts.items()
        }
    if isinstance(facts, list):
        return [in_greek(value) for value in facts]
    return re.sub("[A-Za-z]", "λ", facts) if isinstance(facts, str) else facts


@every_notice
@pytest.mark.usefixtures("made_up")
def test_every_word_of_a_notice_goes_through_the_catalogue(name):
    """A translated notice holds no English word: what is found in the sources is all that is said."""
    answer = {**FACTS["everything, to the supplier"]["answer"]}
    answer["refused"] = [answer["refused"][1]]
    answer["questions"] = [{"about": "n", "text": SENTENCES[1], "params": [["n", "7"]]}]
    for facts in FACTS.values():
        if facts.get("answer"):
            facts = {**facts, "answer": answer}
        if facts.get("differences"):
            facts = {**facts, "differences": DIFFERENCES[:4]}
        notice = said(name, in_greek(facts), "uk")
        ours = f"{notice.subject}\n{notice.text}".replace("maria@ferrum.example", "")
        left = [word for word in words_of_text(ours) if re.search("[A-Za-z]", word)]
        assert set(left) <= {"EUR", "UTC", "KB", "kg"}, left


@pytest.mark.usefixtures("made_up")
def test_every_word_of_a_printed_document_goes_through_the_catalogue():
    """PDF and sheet speak the reader's language too."""
    for facts in (FACTS["an order"], FACTS["a request"], FACTS["everything, to the supplier"]):
        known = tidy(in_greek({**facts, "answer": None}))
        shown = json.dumps(
            layout(known, reader_of("uk")) | {"language": "", "direction": "", "priced": 0}, ensure_ascii=False
        )
        values = " ".join(re.findall(r'"([^"]*)"(?!:)', shown))
        assert set(re.findall("[A-Za-z]+", values)) <= {"EUR", "UTC", "kg"}
        book = CalamineWorkbook.from_filelike(BytesIO(order_xlsx(known, "uk")))
        rows = book.get_sheet_by_index(0).to_python()
        keys = ("#", "postroom:")
        cells = " ".join(str(cell) for row in rows for cell in row if not str(cell).startswith(keys))
        assert set(re.findall("[A-Za-z]+", cells)) <= {"EUR", "UTC", "kg"}


@pytest.mark.usefixtures("made_up")
def test_a_right_to_left_language_turns_the_whole_mail():
    """Direction and alignment follow the language of the words."""
    source = said("order-sent", some_facts(document=ORDER, links=links("acknowledge")), "he").html
    assert 'lang="he" dir="rtl"' in source
    assert 'align="right"' in source
    assert "direction:rtl" in source
    assert "direction:ltr" not in source
