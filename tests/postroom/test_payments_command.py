"""Payments by command: one, or a list in a file, each recorded once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.postroom.test_command import FIRST, a_folder_of_its_own, run, told

__all__ = ["a_folder_of_its_own"]


@pytest.fixture(autouse=True)
def acme(a_folder_of_its_own: None) -> None:
    """Acme, which has no invoice yet."""
    assert run(*FIRST).exit_code == 0


def test_b18_each_payment_of_a_list_is_answered_for(tmp_path: Path) -> None:
    """What cannot be recorded is said, and the command fails in the end."""
    (tmp_path / "paid.csv").write_text("number;amount;date;reference\n7;10.50;2026-12-20;E2E-1\n8;;;\n")
    done = run("payment", "import", "paid.csv", "--json")
    assert done.exit_code != 0
    assert [(one["number"], one["recorded"], one["why"]) for one in map(json.loads, done.stdout.splitlines())] == [
        ("7", False, "There is no invoice 7."),
        ("8", False, "There is no invoice 8."),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("amount\n5\n", "has no payments"),
        ("", "has no payments"),
        ("number,amount\n7,ten\n", "write amounts as 186.00"),
        ("number,date\n7,20.12.2026\n", "days as 2026-12-01"),
    ],
)
def test_b18_a_list_that_is_none_is_refused_in_words(tmp_path: Path, content: str, words: str) -> None:
    """Nothing of it is recorded."""
    (tmp_path / "paid.csv").write_text(content)
    assert words in told(run("payment", "import", "paid.csv"))


def test_b18_one_payment_says_why_it_cannot_be_recorded() -> None:
    """An unknown invoice, an amount that is none."""
    assert "There is no invoice 22914." in run("payment", "record", "22914").stdout
    assert "Write the amount as 186.00" in told(run("payment", "record", "22914", "--amount", "much"))
