"""Nothing that a declaration calls for is forgotten: labels, phrases, notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates import words
from templates.phrases import language
from workflows.differences import DifferenceCode
from workflows.engine.workflow import Step
from workflows.people import Side
from workflows.shipped import SHIPPED

ROOT = Path(__file__).parents[2]
STEPS = [step for flow in SHIPPED for step in flow.steps.values()]
BY_PAGE_OR_FILE_ONLY = {"order.send", "invoice.draft", "invoice.replace", "request.publish", "invitation.invite"} | {
    "request.cancel",
    "order.cancel",
    "proposal.set_remark",
    "credit_note.draft",
    "invoice.pay",
    "order.decide",
    "credit_note.replace",
}
"""Steps that are not asked for in words: they follow from a file, an import or a page."""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.full_name)
def test_every_step_and_status_has_a_label(step: Step) -> None:
    """What people read on buttons and beside documents stands in templates/words.py."""
    if step.who.side is not Side.SYSTEM:
        assert step.name in words.STEPS, "say it in STEPS in templates/words.py"
    for status in (*step.sources, *step.targets):
        assert status.value in words.STATUSES, "say it in STATUSES in templates/words.py"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.full_name)
def test_every_notice_that_a_step_tells_is_a_mail(step: Step) -> None:
    """A notice's name is the name of a folder with its three files."""
    for notices in step.tells.values():
        for _reader, name in notices:
            folder = ROOT / "templates" / "mails" / name
            missing = {"subject.txt", "body.txt", "body.mjml"} - {f.name for f in folder.glob("*")}
            assert not missing, f"templates/mails/{name} lacks them; docs/add-a-notice.md"


@pytest.mark.parametrize("step", [s for s in STEPS if s.who.side is not Side.SYSTEM], ids=lambda step: step.full_name)
def test_every_step_that_is_open_by_mail_can_be_said(step: Step) -> None:
    """A step's reply phrases are a table of the phrase files, under the name of its reply action."""
    if step.full_name not in BY_PAGE_OR_FILE_ONLY:
        known = (step.entries or step.name) in language("en").actions or step.entries == "invoice_line"
        assert known, f"say it in a table [{step.entries or step.name}] in each file of templates/phrases/"


def test_every_difference_has_a_label() -> None:
    """The closed list of differences is the list of their labels."""
    assert {code.value for code in DifferenceCode} <= words.DIFFERENCES.keys()


@pytest.mark.parametrize("name", ["open", "mail"])
def test_every_link_that_is_no_step_has_a_label(name: str) -> None:
    """The links that open a document and that confirm a mail are named, too."""
    assert name in words.STEPS
