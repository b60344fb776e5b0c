"""B2: what the customer says of each proposed change, alone in a line."""

from __future__ import annotations

import pytest

from inbound.verdicts import verdicts_in
from workflows.counter_proposals import Verdict

YES, NO = Verdict.ACCEPT, Verdict.REFUSE


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("1: accept\n2: reject", {1: YES, 2: NO}, ""),
        ("Hello,\n1: yes\n2: no.\nOlga", {1: YES, 2: NO}, "Hello,\nOlga"),
        ("1: yes, 2: no; 3: as ordered", {1: YES, 2: NO, 3: NO}, ""),
        ("Pos. 1 - angenommen\nPosition 2: nein!", {1: YES, 2: NO}, ""),
        ("1) sí\n2) como  pedido", {1: YES, 2: NO}, ""),
        ("1. Так\n2. ні", {1: YES, 2: NO}, ""),
        ("1: d'accord\n2: non", {1: YES, 2: NO}, ""),
        ("1: 8 x 11.50", {}, "1: 8 x 11.50"),
        ("1: accept if it comes on Monday", {}, "1: accept if it comes on Monday"),
        ("1: yes, 1: no", {}, "1: yes, 1: no"),
        ("1: yes, and thank you", {}, "1: yes, and thank you"),
        ("accept", {}, "accept"),
        ("", {}, ""),
    ],
)
def test_b2_a_line_that_says_a_verdict_and_nothing_else_counts(
    text: str, expected: dict[int, Verdict], rest: str
) -> None:
    """In any language that is understood; a condition is no verdict, and what is left is read as before."""
    assert verdicts_in(text) == (expected, rest)
