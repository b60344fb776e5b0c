"""Labels and the MJML compiler."""

import pytest

from templates import words
from templates.environment import sentence
from templates.mjml import BrokenMjml, html_of


def test_a_stored_name_has_a_label_and_an_unknown_one_is_spelt():
    """A plug-in's step can be shown before anybody gave it a label."""
    assert words.label("step", "send_back", str) == "Send back for revision"
    assert words.label("step", "weigh_again", str) == "Weigh again"
    assert words.label("unit", "furlong", str) == "furlong"
    assert words.label("status", None, str) == ""


def test_every_phrase_that_needs_an_explanation_is_a_phrase_that_we_offer():
    """Meanings stand beside phrases, never alone."""
    offered = {phrase for phrases in words.REPLIES.values() for phrase in phrases}
    assert set(words.MEANINGS) <= offered
    assert set(words.REPLIES) <= set(words.STEPS)


def test_a_loop_stays_in_its_table():
    """A tag alone on its line is not moved out of the table by the compiler."""
    source = html_of(
        "<mj-table>\n<tbody>\n{% for a in b %}\n<tr><td>{{ a }}</td></tr>\n{% endfor %}\n</tbody>\n</mj-table>"
    )
    assert "<tbody>{% for a in b %}<tr><td>{{ a }}</td></tr>{% endfor %}</tbody>" in source


def test_a_template_that_is_not_mjml_is_refused_in_words():
    """A typing error in a template is found when it is loaded, not by the reader."""
    with pytest.raises(BrokenMjml):
        html_of("<mj-text>never closed")


def test_words_of_a_person_are_quoted_and_not_looked_into() -> None:
    """What somebody wrote stands in quotation marks, without the stop at its end, even when it looks like a value."""
    assert sentence("What do you mean by {words}?", {"words": "ship it."}) == "What do you mean by “ship it”?"
    assert sentence("What do you mean by {words}?", {"words": "date:2026-12-04"}) == (
        "What do you mean by “date:2026-12-04”?"
    )
