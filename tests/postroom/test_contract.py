"""docs/contract.md, held: the shapes that scripts read, and the exit codes of the commands as processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from inbound.kind import Kind
from postroom.command import app
from postroom.demo.files import order_file
from workflows.reading import DocumentFormat, DocumentKind

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text("utf-8")
INIT = (
    "init", "--company", "Acme", "--mail-domain", "po.acme.dev", "--mailbox", "orders@acme.dev", "--person", "Olga",
    "--address", "olga@acme.dev", "--trusted-relays", "mx.acme.dev",
)  # fmt: skip
MAIL = {
    "file", "kind", "why", "from", "to", "cc", "subject", "date", "message_id", "in_reply_to", "references", "text",
    "html", "said", "signature", "quoted", "forwarded", "attachments", "bounces", "documents", "defects",
}  # fmt: skip
DOCUMENT = {
    "file", "kind", "format", "number", "issue_date", "due_date", "delivery_date", "currency", "net", "tax", "gross",
    "prepaid", "due", "orders", "seller", "buyer", "lines", "sure", "where", "defects",
}  # fmt: skip
LINE = {
    "id", "order", "order_line", "buyer_sku", "seller_sku", "text", "quantity", "unit", "unit_price", "net", "tax_rate",
}  # fmt: skip
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: bytes
    stderr: bytes


def process(folder: Path, *words: str, stdin: bytes = b"", **environment: str) -> Done:
    """Run `postroom` in *folder* as a script does; no command may ever show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "postroom", *words],
        input=stdin, capture_output=True, cwd=folder, timeout=60, check=False,
        env={**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )  # fmt: skip
    assert b"Traceback" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def postroom(folder: Path, *words: str, stdin: bytes = b"") -> Done:
    """Run the command within this process, which is ten times faster."""
    with contextlib.chdir(folder), structlog.testing.capture_logs(), pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("POSTROOM_")]:
            patch.delenv(name)
        done = CliRunner().invoke(app, list(words), input=stdin)
    return Done(done.exit_code, done.stdout_bytes, done.stderr_bytes)


def lines(done: Done) -> list[dict[str, Any]]:
    """The objects on standard output, where nothing else may stand."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one invited supplier."""
    folder = tmp_path_factory.mktemp("here")
    assert postroom(folder, *INIT).returncode == 0
    assert postroom(folder, "supplier", "invite", "Anvil Workshop", "ana@anvil.dev").returncode == 0
    return folder


def a_reply(folder: Path, text: str, verdict: str = "dmarc=pass") -> bytes:
    """Ana's reply to the invitation, as the mail server of `here` would pipe it."""
    from sqlalchemy import create_engine, select

    from store.journal import Notice

    engine = create_engine(f"sqlite:///{folder / 'var' / 'postroom.db'}")
    with engine.connect() as connection:
        message_id = connection.execute(select(Notice.message_id).order_by(Notice.id)).scalars().first()
    engine.dispose()
    return (
        f"Return-Path: <ana@anvil.dev>\nDelivered-To: {message_id}\n"
        f"Authentication-Results: mx.acme.dev; {verdict} header.from=anvil.dev\n"
        f"From: Ana <ana@anvil.dev>\nTo: {message_id}\nSubject: Re: invitation\nMessage-ID: <1@anvil.dev>\n"
        f"In-Reply-To: <{message_id}>\n\n{text}\n"
    ).encode()


def test_status_prints_one_object(here: Path) -> None:
    """`status --json` is one object of numbers by state."""
    (found,) = lines(postroom(here, "status", "--json"))
    assert set(found) == {"mails", "notices", "documents"}
    assert set(found["mails"]) == {"kept", "acted", "failed", "quarantined"}
    assert {"queued", "sent", "failed"} <= set(found["notices"])
    assert found["documents"]["invitation"] == {"sent": 1}


def test_read_prints_a_line_for_each_file(tmp_path: Path) -> None:
    """`read --json` prints mails, documents and what cannot be read in the order given, without an installation."""
    (tmp_path / "mail").write_bytes(b"From: a@b.dev\nTo: c@d.dev\nSubject: x\n\nhello\n")
    (tmp_path / "order.txt").write_bytes(order_file())
    mail, order, missing = lines(postroom(tmp_path, "read", "mail", "order.txt", "nowhere", "--json"))
    assert (set(mail), mail["kind"]) == (MAIL, "person")
    assert set(order) >= DOCUMENT
    assert (order["kind"], order["format"], order["number"]) == ("order", "ubl", "PO-2041")
    assert set(order["lines"][0]) >= LINE
    assert missing["file"] == "nowhere"
    assert missing["defects"][0]["code"] == "unreadable"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mail", "order.txt"]


def test_understand_prints_a_line_for_each_case(tmp_path: Path) -> None:
    """`understand --json` says what each line means, and of one that is no case that it is none."""
    case = {
        "id": "7", "situation": "rfp", "role": "supplier", "subject": "Re: R-1", "attachments": [],
        "context": {"doc": "R-1", "currency": "EUR", "today": "2026-11-24", "lines": [{"n": 1, "text": "Wheel"}]},
        "body": "1: 12.50",
    }  # fmt: skip
    given = f"{json.dumps(case)}\nnonsense\n".encode()
    found, none = lines(postroom(tmp_path, "understand", "-", "--json", stdin=given))
    assert set(found) == {"id", "actions", "questions", "ask", "note"}
    assert found["id"] == "7"
    assert found["actions"] == [{"action": "quote_line", "n": 1, "price": "12.50"}]
    assert none["id"] is None
    assert none["defects"]


def test_explain_prints_the_way_and_the_answer(here: Path) -> None:
    """`explain --json` says each step with its reason and the answer that would go out, and changes nothing."""
    (here / "reply.eml").write_bytes(a_reply(here, "accept"))
    before = postroom(here, "status", "--json").stdout
    (found,) = lines(postroom(here, "explain", "reply.eml", "--json"))
    assert set(found) == {"from", "kind", "trust", "steps", "documents", "answer", "others"}
    assert (found["from"], found["kind"], found["trust"]) == ("ana@anvil.dev", "person", "authenticated")
    assert all(len(step) == 2 for step in found["steps"])
    (document,) = found["documents"]
    assert set(document) == {
        "document", "status", "thread", "writer", "actions", "questions", "note", "read_by",
    }  # fmt: skip
    assert document["actions"] == [{"action": "accept", "words": "accept", "deciding": True}]
    assert set(found["answer"]) == {"notice", "to", "subject", "text"}
    assert (found["answer"]["notice"], found["answer"]["to"]) == ("answer", "ana@anvil.dev")
    assert [mail["notice"] for mail in found["others"]] == ["invitation-accepted"]
    assert postroom(here, "status", "--json").stdout == before


def test_explain_of_an_unproved_mail_asks_for_proof(here: Path) -> None:
    """Without proof of the sender the answer is the request to confirm, and nobody else hears of the mail."""
    (here / "unproved.eml").write_bytes(a_reply(here, "accept", verdict="dmarc=none"))
    (found,) = lines(postroom(here, "explain", "unproved.eml", "--json"))
    assert found["answer"]["notice"] == "confirm-sender"
    assert found["others"] == []


def test_imports_print_one_object_and_act_once(here: Path) -> None:
    """`order import --json` tells what it made; the same file again makes nothing."""
    (here / "po.xml").write_bytes(order_file())
    (first,) = lines(process(here, "order", "import", "po.xml", "--json"))
    assert (set(first), first["new"]) == ({"id", "number", "status", "new"}, True)
    (again,) = lines(process(here, "order", "import", "po.xml", "--json"))
    assert again == {**first, "new": False}


def test_deliver_exits_as_sysexits_says(here: Path) -> None:
    """0 when kept, 65 for what is no mail, 67 when nobody here is meant, 75 when the fault is ours."""
    assert process(here, "deliver", stdin=a_reply(here, "A question")).returncode == os.EX_OK
    assert process(here, "deliver", stdin=b"").returncode == os.EX_DATAERR
    stranger = process(here, "deliver", "--recipient", "x@elsewhere.dev", stdin=a_reply(here, "accept"))
    assert stranger.returncode == os.EX_NOUSER
    assert stranger.stderr
    broken = process(here, "deliver", stdin=a_reply(here, "accept"), POSTROOM_WORKERS="many")
    assert broken.returncode == os.EX_TEMPFAIL
    (here / "elsewhere").mkdir()
    lost = process(here / "elsewhere", "deliver", stdin=a_reply(here, "accept"))
    assert lost.returncode == os.EX_TEMPFAIL  # no bounce for a pipe that starts in the wrong folder
    assert b"There is no Postroom here" in lost.stderr
    assert lines(postroom(here, "status", "--json"))[0]["mails"]["kept"] == 1


def test_faults_exit_with_their_code(here: Path, tmp_path: Path) -> None:
    """1 for what a person can mend, 2 for a command that was not given what it needs; the words are on stderr."""
    for folder, words, code in (
        (tmp_path, ("status", "--json"), 1),
        (here, ("order", "import", "nowhere.xml", "--json"), 1),
        (here, ("smtp",), 1),
        (here, ("supplier", "invite", "Only a name"), 2),
        (here, ("status", "--nonsense"), 2),
    ):
        done = process(folder, *words)
        assert done.returncode == code, words
        assert done.stderr
        assert not done.stdout.strip()


def test_contract_names_all_there_is() -> None:
    """The page names every key, every kind and every exit code that it promises."""
    kinds = {kind.value for kind in (*Kind, *DocumentKind, *DocumentFormat)}
    missing = [name for name in sorted(MAIL | DOCUMENT | LINE | kinds) if name not in PAGE]
    assert missing == []
