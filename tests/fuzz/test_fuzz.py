"""What once broke the readers does not break them again, and a little fuzz finds nothing new."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.cases import TEXTS, mails
from tests.fuzz.checks import check_mail, check_text

CRASHES = sorted((Path(__file__).parent / "crashes").glob("*.*"))
LITTLE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_once_broke_is_read(path: Path) -> None:
    """Each kept case is read within its time and without a fault."""
    content = path.read_bytes()
    if path.suffix == ".txt":
        check_text(content.decode("utf-8", "surrogatepass"))
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
