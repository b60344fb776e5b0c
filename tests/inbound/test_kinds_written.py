"""Mails as mail systems, mail programs and persons write them, each with the kind that a careful reader would name."""

import json
from pathlib import Path
from typing import Any

import pytest

from inbound.bounces import bounces_of
from inbound.kind import kind_of
from inbound.letter import read_letter

CASES = [json.loads(line) for line in Path(__file__).with_name("kinds.jsonl").read_text("utf-8").splitlines()]
"""Each with `name`, `kind`, `source` with plain line ends, and of a bounce `bounces`: addresses and their class."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_b21_a_mail_is_of_the_kind_that_a_careful_reader_names(case: dict[str, Any]) -> None:
    """And a bounce names the addresses, with the class of what happened; a person is never taken for a machine."""
    letter = read_letter(case["source"].replace("\n", "\r\n").encode())
    kind, why = kind_of(letter)
    assert (kind, bool(why)) == (case["kind"], True)
    if "bounces" in case:
        found = [[b.recipient, (b.status or ("5" if b.permanent else "4"))[0]] for b in bounces_of(letter)]
        assert sorted(found) == sorted(case["bounces"])


def test_every_kind_has_enough_mails_to_be_told_by() -> None:
    """Persons above all: what looks like a machine's and is not."""
    counts = {kind: sum(case["kind"] == kind for case in CASES) for kind in {case["kind"] for case in CASES}}
    assert counts["person"] >= 40
    assert counts["bounce"] >= 80
    assert set(counts) >= {"auto_reply", "out_of_office", "delayed", "feedback", "list", "receipt", "reaction"}
