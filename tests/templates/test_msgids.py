"""A language's file: begun, and brought up to date without losing what was translated."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel import UnknownLocaleError
from babel.messages.pofile import read_po

from templates.msgids import write_language


def test_a_language_begins_with_every_sentence_and_its_own_plurals(tmp_path: Path) -> None:
    """Head and plural forms are those of the language; the folder is made."""
    path = write_language("uk", tmp_path / "locales")
    assert "nplurals=3; plural=" in path.read_text("utf-8")
    with path.open("rb") as source:
        found = read_po(source, locale="uk")
    assert "Approve" in found
    assert not found.fuzzy
    assert {len(message.string) for message in found if isinstance(message.id, tuple)} == {3}


def test_a_language_that_is_brought_up_to_date_keeps_its_words(tmp_path: Path) -> None:
    """What is translated stays; a sentence that is gone is kept as a remark."""
    path = write_language("sv", tmp_path)
    text = path.read_text("utf-8").replace('msgid "Approve"\nmsgstr ""', 'msgid "Approve"\nmsgstr "Godkänn"')
    path.write_text(text + '\nmsgid "We said this once."\nmsgstr "Det sade vi en gång."\n', "utf-8")
    text = write_language("sv", tmp_path).read_text("utf-8")
    assert 'msgid "Approve"\nmsgstr "Godkänn"' in text
    assert '#~ msgid "We said this once."' in text


def test_a_language_that_nobody_knows_is_refused_in_words(tmp_path: Path) -> None:
    """Its figures and plurals could not be written."""
    with pytest.raises(UnknownLocaleError):
        write_language("xx", tmp_path)
    command = [sys.executable, "-m", "templates.msgids", "xx"]
    said = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert said.stderr == "xx is no language that CLDR knows; write its code, like et or pt_BR.\n"
