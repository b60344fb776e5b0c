"""What once broke the readers does not break them again, and a little fuzz finds nothing new."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.answers import answers
from tests.fuzz.cases import TEXTS, mails
from tests.fuzz.checks import check_answer, check_mail, check_text

CRASHES = sorted((Path(__file__).parent / "crashes").glob("*.*"))
LITTLE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_once_broke_is_read(path: Path) -> None:
    """Each kept case is read within its time and without a fault."""
    content = path.read_bytes()
    if path.suffix == ".txt":
        check_text(content.decode("utf-8", "surrogatepass"))
    elif path.suffix == ".json":
        check_answer(json.loads(content))
    else:
        check_mail(content)


@LITTLE
@given(mails())
def test_any_mail_is_read(source: bytes) -> None:
    """No mail makes the readers fail or wait."""
    check_mail(source)


@LITTLE
@given(TEXTS)
def test_any_text_is_split(text: str) -> None:
    """No text makes the splitter fail, wait or lose a character."""
    check_text(text)


@LITTLE
@given(answers())
def test_any_answer_is_understood(case: dict[str, Any]) -> None:
    """No answer makes the understanding fail, wait or ask for what is not open."""
    check_answer(case)
