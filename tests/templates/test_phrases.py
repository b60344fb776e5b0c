"""The phrase files: every language says everything that English says."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from inbound.meaning.compiling import Compiler, speech
from inbound.meaning.speech import names_of
from inbound.verdicts import DECIDE
from templates.phrases import GENERAL, Language, language, languages, traits
from workflows.shipped import SHIPPED

MINIMUM = ("opens", "triggers")


@pytest.mark.parametrize("code", languages())
def test_a_language_has_every_table_and_action_of_english(code: str) -> None:
    """A language file that lacks an action, or a list of words, is not finished."""
    english, other = language("en"), language(code)
    assert other.code == code
    assert not english.actions.keys() - other.actions.keys(), f"tables that templates/phrases/{code}.toml lacks"
    assert not other.actions.keys() - english.actions.keys(), f"tables of {code}.toml that en.toml does not have"
    for table in GENERAL:
        mine: Mapping[str, tuple[str, ...]] = getattr(other, table)
        missing = getattr(english, table).keys() - mine.keys()
        assert table in ("sets", "ordinals") or not missing, f"[{table}] lacks {sorted(missing)}"
    assert {"last", *map(str, range(1, 11))} <= other.ordinals.keys(), "[ordinals] by which lines are counted"
    assert all(other.ordinals.get(day) or other.numbers.get(day) for day in map(str, range(1, 32))), "days in words"
    for name, said in english.actions.items():
        for kind in MINIMUM:
            assert bool(getattr(other.actions[name], kind)) or not getattr(said, kind), f"[{name}] lacks {kind}"


@pytest.mark.parametrize("code", languages())
def test_the_phrases_of_a_language_compile_and_are_heard(code: str) -> None:
    """Each phrase without choices asks for its own action: no filler or article hides it."""
    tongue = speech(code)
    for name, said in tongue.source.actions.items():
        for phrase in said.phrases:
            if set(phrase) & set("()[]<>{}|"):
                continue
            assert name in tongue.asked(tongue.key(phrase, names_of(tongue.source, (), ())), {name}), phrase


def test_every_action_with_phrases_is_described_or_decides() -> None:
    """What an action takes along is written down for actions that exist."""
    assert traits().keys() <= language("en").actions.keys()


def test_every_step_that_a_person_may_decide_has_phrases() -> None:
    """A deciding step without phrases could not be taken by mail."""
    decided = {
        step.name
        for workflow in SHIPPED
        for step in workflow.steps.values()
        if step.deciding and step.sources and step.who.name != "system"
    }
    actions = language("en").actions
    decided.discard(DECIDE)  # a verdict on each item is heard by its number
    silent = {name for name in decided if not (name in actions and actions[name].phrases)}
    assert not silent, "each needs a table with phrases in every file of templates/phrases/"


def test_a_phrase_that_may_be_empty_is_refused() -> None:
    """It would be heard in every clause."""
    english: Language = replace(language("en"), code="xx")
    with pytest.raises(ValueError, match="may be empty"):
        Compiler(english).any_of(["[please] [confirm]"])
