"""A workflow in a package of its own, as docs/add-a-workflow.md writes it, installed and played by mail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-workflow.md").read_text("utf-8")
PLAY = """
import sys
from pathlib import Path

from our_package.inspection import Inspection, ask_for_visit

from store.blobs import FolderBlobs
from store.database import Database
from store.installation import Installation
from store.migrate import migrate
from store.tokens import Tokens
from tests.inbound.post import ANA, OWNER, make_post

folder = Path(sys.argv[1])
database = Database(f"sqlite:///{folder}/postroom.db")
migrate(database)
installation = Installation(
    database,
    FolderBlobs(folder / "blobs"),
    Tokens([b"a secret for the tests only"]),
    "https://po.example.com",
    "po.example.com",
    frozenset({"mx.example.com"}),
)
post = make_post(installation)
asked = ask_for_visit(installation, post.world.company_id, OWNER, "Ferrum Ltd", Inspection("V-1", "Monday"))
print(post.text("inspection-asked", ANA))
post.send(ANA, post.address("inspection-asked", ANA, asked), "plan: Tuesday at nine")
print(post.text("answer", ANA))
print(post.world.document(asked).status, post.world.document(asked).content.day)
post.receiving.close()
database.close()
"""


def install(folder: Path, page: str) -> None:
    """Write the files of the page, and the entry points where an installed package has them."""
    for name, text in re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    points = re.findall(r'^\[project\.entry-points\."(.+)"\]\n(\w+) = "(.+)"', page, re.MULTILINE)
    installed = folder / "our_package-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: our-package\nVersion: 1\n", "utf-8")
    lines = "".join(f"[{group}]\n{name} = {value}\n" for group, name, value in points)
    (installed / "entry_points.txt").write_text(lines, "utf-8")


def play(folder: Path) -> subprocess.CompletedProcess[str]:
    """Play in a process of its own: the words and the workflows of a process are read once."""
    path = os.pathsep.join((str(folder), str(ROOT)))
    command = [sys.executable, "-c", PLAY, str(folder)]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_b33_the_workflow_of_the_page_works_by_mail(tmp_path: Path) -> None:
    """Its notice arrives in its own words, its own phrase is heard, and the read-back says the status reached."""
    install(tmp_path, PAGE)
    done = play(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "May we visit you? V-1" in done.stdout
    assert "Plan: Planned" in done.stdout
    assert "planned Tuesday at nine" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"inspection-asked"),', '"inspection-wanted"),', "step ask tells inspection-wanted, and there is no"),
        ('"our_package.words"', '"our_package.sentences"', "our_package.sentences of postroom.words is no folder"),
        ('"our_package.words"', '"their_package.words"', "No module named 'their_package'"),
    ],
)
def test_b33_a_plug_in_without_its_words_stops_the_start(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What is missing is named, long before a mail is due."""
    assert old in PAGE
    install(tmp_path, PAGE.replace(old, new))
    assert words in play(tmp_path).stderr
