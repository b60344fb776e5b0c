"""B6: what was learnt of layouts, by command: listed, and forgotten by its number."""

from __future__ import annotations

import json

from tests.postroom.test_command import FIRST, a_folder_of_its_own, run, told

__all__ = ["a_folder_of_its_own"]


def test_b6_what_was_learnt_is_listed_and_what_was_not_cannot_be_forgotten(a_folder_of_its_own: None) -> None:
    """A company that has learnt nothing yet says so."""
    assert run(*FIRST).exit_code == 0
    assert "Nothing is learnt yet." in run("layouts").stdout
    assert json.loads(run("layouts", "--json").stdout) == []
    assert "Nothing is learnt under 7" in told(run("layouts", "forget", "7"))
