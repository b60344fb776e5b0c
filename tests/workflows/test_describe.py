"""The docs' tables follow from the declarations, and no stored name is lost."""

from pathlib import Path

import pytest

from workflows.engine.describe import require_stored_names, workflow_page
from workflows.errors import NamesChanged
from workflows.shipped import SHIPPED

ROOT = Path(__file__).parents[2]


def test_the_page_of_workflows_is_what_the_code_declares():
    """docs/workflows.md is generated; a changed step without `make docs` fails here."""
    assert (ROOT / "docs" / "workflows.md").read_text("utf-8") == workflow_page(SHIPPED)


def test_every_stored_name_is_still_declared():
    """A kind, status or step that rows may carry is declared, or an alias leads from it to the present name."""
    require_stored_names(SHIPPED, (ROOT / "tests" / "workflows" / "stored_names.txt").read_text("utf-8").splitlines())


def test_a_renamed_step_without_an_alias_is_refused():
    """A name that nobody declares any more is named in the error."""
    with pytest.raises(NamesChanged, match="invoice step accept_it"):
        require_stored_names(SHIPPED, ["invoice step accept_it"])
