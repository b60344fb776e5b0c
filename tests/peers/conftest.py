"""A folder for each test that the users of a mail server may come into."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder beside pytest's own, which every run that starts closes to all other users again."""
    folder = Path(tempfile.mkdtemp(prefix="postroom-peers-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
