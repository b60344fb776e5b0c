"""Mail handed over by a real Postfix, by SMTP, LMTP and pipe: none lost and none acted on twice, whatever is killed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.kill.harness import check
from tests.outbound.sink import Sink, SinkServer, free_port
from tests.peers.postfix import Postfix
from tests.peers.survival import MAILS, TEST_ALL, let_through, must_have, stream
from tests.postroom.served import ROOT, Served

PIPE_USER = "nobody"
"""Postfix starts no command as root, and `postroom deliver` hands its mail only to a process of its own user."""


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    """The relay for mail out, and its address."""
    must_have("postfix")
    if os.geteuid() != 0:
        pytest.skip("Postfix starts only as root")
    sink = Sink()
    server = SinkServer(sink)
    server.start()
    yield sink, server.url
    server.stop()


def made(tmp_path: Path, template: Path, relay: str, **settings: str) -> Served:
    """A Postroom on a migrated SQLite file."""
    folder = tmp_path / "served"
    folder.mkdir()
    own = {"POSTROOM_RELAY_URL": relay, "POSTROOM_TRUSTED_RELAYS": "mx.example.com", **settings}
    served = Served(folder, own)
    served.prepare(template)
    return served


def run(served: Served, postfix: Postfix, sink: Sink) -> None:
    """Send everything through Postfix while Postroom is killed, and see that all of it was done once."""
    try:
        postfix.start()
        began = time.monotonic()
        fed = stream(served, postfix.take)
        for _ in range(100):
            if not postfix.waiting:
                break
            Event().wait(0.2)
        print(f"{len(fed)} of {MAILS} mails through Postfix in {time.monotonic() - began:.0f} s")
        assert postfix.waiting == 0, postfix.log[-3000:]
        assert served.stop() == 0
        assert "status=bounced" not in postfix.log
        check(served, sink, fed)
    finally:
        served.kill()
        postfix.stop()


@pytest.mark.timeout(3600)
def test_killed_server_loses_nothing_by_smtp(tmp_path: Path, sqlite_template: Path, sink: tuple[Sink, str]) -> None:
    """Postfix has a mail until it reads 250, and tries again."""
    port = free_port()
    served = made(tmp_path, sqlite_template, sink[1], POSTROOM_SMTP_LISTEN=f"127.0.0.1:{port}")
    run(served, Postfix(tmp_path / "postfix", f"smtp:[127.0.0.1]:{port}"), sink[0])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_server_loses_nothing_by_lmtp(tmp_path: Path, sqlite_template: Path, sink: tuple[Sink, str]) -> None:
    """The same by LMTP over a socket of the file system."""
    path = tmp_path / "served" / "lmtp"
    served = made(tmp_path, sqlite_template, sink[1], POSTROOM_SMTP_LISTEN="off", POSTROOM_LMTP_LISTEN=f"unix:{path}")
    let_through(path.parent)
    run(served, Postfix(tmp_path / "postfix", f"lmtp:unix:{path}"), sink[0])


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_killed_server_loses_nothing_by_the_pipe(tmp_path: Path, sqlite_template: Path, sink: tuple[Sink, str]) -> None:
    """`postroom deliver` hands over to the process that serves, and writes itself while there is none."""
    python, path = python_of_the_pipe()
    served = made(tmp_path, sqlite_template, sink[1], POSTROOM_SMTP_LISTEN="off", PYTHONPATH=path)
    served.user, served.python = PIPE_USER, python
    let_through(served.folder)
    for place in (served.folder, *served.folder.rglob("*")):
        shutil.chown(place, PIPE_USER)
    names = [f"{name}={value}" for name, value in served.environment.items() if name.startswith("POSTROOM_")]
    command = ["/usr/bin/env", f"PYTHONPATH={path}", *(n.replace(" ", "\\ ") for n in names), python, "-m", "postroom"]
    wrapper = tmp_path / "deliver"
    wrapper.write_text("#!/bin/sh\nexec " + " ".join(command) + ' deliver "$@"\n')
    wrapper.chmod(0o755)
    run(served, Postfix(tmp_path / "postfix", "postroom:", [str(wrapper)], PIPE_USER), sink[0])


def python_of_the_pipe() -> tuple[str, str]:
    """A Python that the pipe's user may run, and the PYTHONPATH that it needs: this one may lie in root's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    path = f"{ROOT}:{sysconfig.get_path('purelib')}"
    for python in (sys.executable, f"/usr/bin/{version}"):
        if not Path(python).exists():
            continue
        environment = {"PYTHONPATH": path, "PATH": os.environ.get("PATH", "")}
        words = [python, "-c", "import postroom.command, sqlalchemy, lxml.etree"]
        try:
            done = subprocess.run(words, user=PIPE_USER, env=environment, cwd="/", capture_output=True, check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return python, path
    reason = f"{PIPE_USER} ({pwd.getpwnam(PIPE_USER).pw_uid}) can run no {version} that finds Postroom"
    (pytest.fail if TEST_ALL else pytest.skip)(reason)
    raise AssertionError(reason)
