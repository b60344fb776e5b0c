"""A warm child process that reads documents, one at a time: killed and replaced when one takes too much, or ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import structlog

from inbound.documents.zipped import ZipLimits, zip_limits

log = structlog.get_logger()

ROOT: Final = Path(__file__).parents[2]
"""Where the rooms lie: the child finds them there, in a checkout and installed alike."""


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one document may cost, and after how many documents a child is replaced.

    `seconds` go by the clock, `processor` are seconds of work (on a busy machine the one is not the other); `memory` is
    what the child may map, `heap` what it may fill, `answer` what it may say, all in bytes. `zips` bound what comes out
    of a ZIP.
    """

    seconds: float = 20.0
    processor: float = 1.75
    memory: int = 1024 * 1024 * 1024
    heap: int = 280 * 1024 * 1024
    answer: int = 16 * 1024 * 1024
    documents: int = 1_000
    zips: ZipLimits = field(default_factory=zip_limits)


class ChildFailed(Exception):
    """Raised when a child did not answer, or said too much: it is gone, and another takes over."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


class WarmChild:
    """One child (`reader_child`) with its limits; safe to share between threads."""

    def __init__(self, limits: ReaderLimits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._warm = False
        self._read = 0

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._child.pid if self._child else None

    def ask(self, header: Mapping[str, object], content: bytes) -> tuple[Any, float]:
        """What the child answers, and how many seconds it worked; raises `ChildFailed`.

        The codes: `timeout`, `too_large`, `unreadable` (the child died of it).
        """
        request = json.dumps(header).encode() + b"\n"
        with self._lock:
            return self._exchange(request, content)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _exchange(self, request: bytes, content: bytes) -> tuple[Any, float]:
        child = self._ready()
        late = threading.Event()
        watch = threading.Timer(self.limits.seconds, _kill, (child, late))
        watch.daemon = True
        watch.start()
        try:
            sink, source = _pipes(child)
            sink.write(request)
            sink.write(content)
            sink.flush()
            return self._answer(source)
        except _AnswerTooLarge as error:
            raise self._failed("too_large", "The document holds more than can be taken from it.") from error
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:  # it died, or its answer is none
            if late.is_set() or _worked_too_long(child):
                raise self._failed("timeout", "Reading the document took too long.") from error
            raise self._failed("unreadable", "The document could not be read.") from error
        finally:
            watch.cancel()

    def _answer(self, source: IO[bytes]) -> tuple[Any, float]:
        length, worked, *last = source.readline(40).split() or (b"", b"")
        if int(length) > self.limits.answer:
            raise _AnswerTooLarge
        body = source.read(int(length))
        if len(body) < int(length):
            raise EOFError
        self._read += 1
        if last or self._read >= self.limits.documents:
            self._replace()
        return json.loads(body), int(worked) / 1000

    def _failed(self, code: str, text: str) -> ChildFailed:
        log.warning("document.reader_replaced", reason=code)
        self._replace()
        return ChildFailed(code, text)

    def _replace(self) -> None:
        """Start another at once: it gets warm before the next document comes."""
        self._end()
        self._start()

    def _ready(self) -> subprocess.Popen[bytes]:
        """A child that lives and is warm: the one at hand, or a new one where it has died."""
        child = self._child
        if child is None or child.poll() is not None:
            self._end()
            child = self._start()
        if not self._warm:
            _pipes(child)[1].readline(20)  # it says when it is warm; if it died, the first write tells
            self._warm = True
        return child

    def _start(self) -> subprocess.Popen[bytes]:
        # nothing of the parent's environment: settings hold secrets, and the child reads what strangers send
        environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]), "PATH": os.defpath}
        command = [sys.executable, "-m", "inbound.documents.reader_child"]
        self._warm, self._read = False, 0
        self._child = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
            [*command, json.dumps(asdict(self.limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        kill_all(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader any more
                    continue
        child.wait()


def kill_all(child: subprocess.Popen[bytes]) -> None:
    """End the child with what it started, which is in its own session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _worked_too_long(child: subprocess.Popen[bytes]) -> bool:
    """Whether a child that does not answer any more was ended for the work it took."""
    try:
        return child.wait(1.0) == -signal.SIGPROF
    except subprocess.TimeoutExpired:
        return False


class _AnswerTooLarge(Exception):
    """Raised when the child's answer is over the limit."""


def _kill(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    kill_all(child)


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
