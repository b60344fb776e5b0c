"""A stream of mails through a real mail server into a Postroom that is killed and started again meanwhile."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from store.mails import Mail
from tests.kill.harness import DRAINED_WITHIN, Fed, drained, orders, remarks, state
from tests.postroom.served import Served

TEST_ALL = os.environ.get("POSTROOM_TEST_ALL") == "1"
MAILS = int(os.environ.get("POSTROOM_TEST_PEER_MAILS", "120" if TEST_ALL else "24"))
KILLS = int(os.environ.get("POSTROOM_TEST_PEER_KILLS", "5" if TEST_ALL else "2"))
SEED = int(os.environ.get("POSTROOM_TEST_SEED", "20261124"))
SENDER = "ana@supplier.example"


def must_have(*programs: str) -> None:
    """Skip where one of *programs* is not installed; with POSTROOM_TEST_ALL=1 that is a failure."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if missing := [name for name in programs if shutil.which(name, path=path) is None]:
        (pytest.fail if TEST_ALL else pytest.skip)(f"not installed: {', '.join(missing)}")


def let_through(folder: Path) -> None:
    """Let the users of a mail server come through to *folder*: pytest makes its own for one user alone."""
    for parent in (folder, *folder.parents):
        mode = parent.stat().st_mode
        if parent.stat().st_uid == os.geteuid() and not mode & 1:
            parent.chmod(mode | 0o11)


def stream(served: Served, send: Callable[[Sequence[Fed]], None], say: Callable[[str], None] = print) -> list[str]:
    """*send* MAILS mails into the mail server, and kill *served*, which gets them from there, KILLS times.

    Half of each portion is sent while nobody reads, half while somebody does; it is killed when it is ready and when it
    is not yet, in the middle of what it does. Returns the keys of the mails when all of them are done.
    """
    chance = random.Random(SEED)
    about = orders(served, max(6, MAILS // 6))  # few mails for each: the fuse against loops is not what is tried here
    mails = list(islice(remarks(about, chance), MAILS))
    portion = -(-MAILS // (KILLS + 1))
    pause = Event()
    for kill, at in enumerate(range(0, MAILS, portion), 1):
        part = mails[at : at + portion]
        send(part[: len(part) // 2])
        ready = kill > KILLS or chance.random() < 0.8
        wanted = kept(served) + chance.randint(0, portion)
        (served.start if ready else served.launch)()
        with ThreadPoolExecutor(1) as sending:
            rest = sending.submit(send, part[len(part) // 2 :])
            if kill <= KILLS:
                for _ in range(150 if ready else chance.randint(30, 120)):
                    if kept(served) >= wanted:
                        break
                    pause.wait(0.02)
                served.kill()
                say(f"kill {kill}: {kept(served)} of {at + len(part)} kept")
            rest.result()
    before, since = -1, 0.0
    while kept(served) < MAILS and since < DRAINED_WITHIN:  # as long as it goes on: a pipe starts a program for each
        since = since + 0.25 if kept(served) == before else 0.0
        before = kept(served)
        pause.wait(0.25)
    assert kept(served) == MAILS, served.log[-3000:]
    assert drained(served), f"not finished: {state(served)}\n{served.log[-3000:]}"
    return [mail.key for mail in mails]


def kept(served: Served) -> int:
    """How many mails lie in the store."""
    with served.installation.database.read() as session:
        return session.scalar(select(func.count()).select_from(Mail)) or 0
