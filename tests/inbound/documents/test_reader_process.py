"""The child process that reads documents."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbound.documents.document import read_document
from inbound.documents.reader_process import ReaderProcess
from inbound.documents.validating import can_validate
from inbound.documents.warm_child import ReaderLimits
from tests.inbound.documents.bombs import BOMBS
from tests.inbound.documents.e_invoices import a_ubl_invoice, a_ubl_order
from tests.inbound.documents.pdfs import a_german_invoice


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    """A reader with a short patience."""
    with ReaderProcess(ReaderLimits(seconds=5)) as process:
        yield process


def test_the_child_reads_as_the_function_does(reader: ReaderProcess) -> None:
    """Every value comes back as it was made."""
    for content in (a_ubl_order(), a_ubl_invoice(), a_german_invoice()):
        assert reader.read(content, "file", ["4500017"]) == read_document(content, open_orders=["4500017"])
    assert reader.read(b"BEGIN:VCARD\nEND:VCARD\n", "card.vcf") is None


def test_the_child_stays_warm_between_documents(reader: ReaderProcess) -> None:
    """One child serves many documents."""
    reader.read(a_ubl_order())
    first = reader.pid
    reader.read(a_ubl_invoice())
    assert reader.pid == first


def test_a_child_that_died_is_replaced(reader: ReaderProcess) -> None:
    """The next document finds a new child."""
    reader.read(a_ubl_order())
    dead = reader.pid
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    os.waitpid(dead, 0)
    readings = [reader.read(a_ubl_order()) for _ in range(2)]
    assert readings[-1] == read_document(a_ubl_order())
    assert reader.pid != dead


def test_a_child_that_takes_too_long_is_killed_and_replaced() -> None:
    """The answer is a defect in time, and the next document is read."""
    with ReaderProcess(ReaderLimits(seconds=0.5)) as reader:
        reader.read(a_ubl_order())
        stopped = reader.pid
        assert stopped is not None
        os.kill(stopped, signal.SIGSTOP)
        late = reader.read(a_ubl_order())
        assert late is not None
        assert [defect.code for defect in late.defects] == ["timeout"]
        again = reader.read(a_ubl_order())
        assert again is not None
        assert again.number == "PO-2026-0042"


def test_an_answer_over_the_limit_is_refused() -> None:
    """A document cannot make the parent hold more than is allowed."""
    with ReaderProcess(ReaderLimits(answer=100)) as reader:
        refused = reader.read(a_ubl_order())
        assert refused is not None
        assert [defect.code for defect in refused.defects] == ["too_large"]


def test_the_child_does_not_see_the_parents_environment(reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets stay out of the process that reads what strangers send."""
    monkeypatch.setenv("POSTROOM_SECRET", "not-for-you")
    reader.read(a_ubl_order())
    environment = Path(f"/proc/{reader.pid}/environ")
    if not environment.exists():
        pytest.skip("this system does not show a process's environment under /proc")
    assert b"POSTROOM_SECRET" not in environment.read_bytes()


def test_threads_share_one_child(reader: ReaderProcess) -> None:
    """Documents read at the same time do not mix."""
    contents = [a_ubl_order(f"PO-{n}") for n in range(12)]
    numbers: list[str | None] = [None] * len(contents)

    def read(n: int) -> None:
        reading = reader.read(contents[n])
        numbers[n] = reading.number if reading else None

    threads = [threading.Thread(target=read, args=(n,)) for n in range(len(contents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [f"PO-{n}" for n in range(12)]


@pytest.mark.skipif(not can_validate(), reason="the extra validate is not installed")
def test_the_norms_rules_are_checked_in_a_child_of_their_own(reader: ReaderProcess) -> None:
    """A PDF that is made to exhaust its reader does so there, also when only its rules are asked for."""
    assert {defect.code for defect in reader.broken_rules(a_ubl_invoice())} == {"en16931"}
    assert reader.broken_rules(b"%PDF-1.7 and nothing more") == []
    assert [d.code for d in reader.broken_rules(BOMBS["an attachment of two gigabytes"]())][1:] == []
    assert reader.pid is None
