"""Runs the fuzz for a while: `python -m tests.fuzz [MINUTES]`; what breaks is kept in tests/fuzz/crashes."""

import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import checks
from tests.fuzz.answers import answers
from tests.fuzz.cases import TEXTS, mails
from tests.fuzz.checks import check_answer, check_mail, check_text

CRASHES = Path(__file__).parent / "crashes"
ROUND = 300


def main() -> int:
    """Fuzz mails, texts and answers in turns until the minutes are over; the exit code tells whether one broke."""
    checks.measured = True
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    end = time.monotonic() + 60 * minutes
    number = int(time.time())
    cases = broken = 0
    while time.monotonic() < end:
        number += 1
        causes: tuple[tuple[st.SearchStrategy[Any], Callable[[Any], None], str], ...] = (
            (mails(), check_mail, "eml"),
            (TEXTS, check_text, "txt"),
            (answers(), check_answer, "json"),
        )
        for cause, check, ending in causes:
            found = _round(number, cause, check)
            cases += found[0]
            if found[1] is not None:
                broken += 1
                _keep(found[1], ending, found[2])
        print(f"{cases} cases, {broken} broken, {max(0, end - time.monotonic()):.0f} s to go", flush=True)
    return 1 if broken else 0


def _round(number: int, cause: st.SearchStrategy[Any], check: Callable[[Any], None]) -> tuple[int, Any, str]:
    """Return how many cases were tried, and the smallest that broke with what it said."""
    last: list[Any] = [0, None, ""]

    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(cause)
    def attempt(case: Any) -> None:
        last[0] += 1
        try:
            check(case)
        except Exception as error:
            last[1:] = [case, f"{type(error).__name__}: {error}"]
            raise

    try:
        attempt()
    except Exception:  # noqa: BLE001
        # Whatever a case raises is what the fuzz looks for; its smallest form was tried last.
        return last[0], last[1], last[2]
    return last[0], None, ""


def _keep(case: Any, ending: str, words: str) -> None:
    text = json.dumps(case) if isinstance(case, dict) else case
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    path = CRASHES / f"{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    path.write_bytes(content)
    print(f"{path.name}: {words[:300]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
