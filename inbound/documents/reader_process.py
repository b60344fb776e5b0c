"""Documents read in a warm child process that is killed and replaced when it takes too long, too much, or dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import structlog

from inbound.documents.as_json import reading_from_json
from inbound.documents.document import reader_of
from inbound.documents.format import LARGEST, OCR_LANGUAGES, Engine, Source, unread
from workflows.reading import DocumentFormat, Reading

log = structlog.get_logger()

ROOT: Final = Path(__file__).parents[2]
"""Where the rooms lie: the child finds them there, in a checkout and installed alike."""


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one document may cost, and after how many documents a child is replaced.

    `seconds` go by the clock, `processor` are seconds of work (on a busy machine the one is not the other); `memory` is
    what the child may map, `heap` what it may fill, `answer` what it may say, all in bytes.
    """

    seconds: float = 20.0
    processor: float = 1.75
    memory: int = 1024 * 1024 * 1024
    heap: int = 280 * 1024 * 1024
    answer: int = 16 * 1024 * 1024
    documents: int = 1_000


FOR_PICTURES: Final = ReaderLimits(seconds=90.0, processor=20.0, heap=700 * 1024 * 1024)
"""Text recognition takes seconds a page; it stops by itself before (`inbound/documents/pictures/reading.py`)."""

LEAST_OPENING: Final = 0.1
"""Seconds of work in which any scan is opened, however long the look for a text took."""


class ReaderProcess:
    """One child that reads documents, one at a time; safe to share between threads.

    What has no text goes to a second child, started when the first such document comes, so that a scan keeps no other
    document waiting. `for_pictures` are that child's limits; None: pictures are read by nobody.
    """

    def __init__(
        self,
        limits: ReaderLimits | None = None,
        *,
        for_pictures: ReaderLimits | None = FOR_PICTURES,
        languages: Sequence[str] = OCR_LANGUAGES,
    ) -> None:
        self._limits = limits or ReaderLimits()
        self._languages = list(languages)
        self._pictures = None if for_pictures is None else ReaderProcess(for_pictures, for_pictures=None)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._read = 0

    def read(
        self, content: bytes, name: str = "", open_orders: Sequence[str] = (), *, engine: Engine = "auto"
    ) -> Reading | None:
        """Read a document as `read_document` does; a child that fails answers with a defect.

        The defect codes beside those of the readers: `timeout`, `too_large`, `unreadable` (the child died of it).
        """
        reader = reader_of(Source(content, name, engine=engine))
        if reader is None:
            return None
        if len(content) > LARGEST:
            return unread(reader.format, "too_large", f"The document is larger than {LARGEST // 1024**2} MB.")
        header = {"size": len(content), "name": name, "open_orders": list(open_orders), "engine": engine}
        if self._pictures is not None and reader.format is DocumentFormat.IMAGE:
            return self._pictures.recognise(header, content, reader.format, self._languages)
        reading, worked = self._request(header, content, reader.format)
        if self._pictures is not None and reading is not None and any(d.code == "no_text" for d in reading.defects):
            # it is opened once more: what is made to be opened for ever gets no second time for it
            header["opening"] = max(self._limits.processor - worked, LEAST_OPENING)
            return self._pictures.recognise(header, content, reader.format, self._languages)
        return reading

    def recognise(
        self, header: Mapping[str, object], content: bytes, format_: DocumentFormat, languages: Sequence[str]
    ) -> Reading | None:
        """Read a document whose pages are pictures."""
        return self._request({**header, "pictures": True, "languages": list(languages)}, content, format_)[0]

    def _request(
        self, header: Mapping[str, object], content: bytes, format_: DocumentFormat
    ) -> tuple[Reading | None, float]:
        """The child's reading, and how many seconds it worked."""
        request = json.dumps(header).encode() + b"\n"
        with self._lock:
            return self._exchange(request, content, format_)

    def close(self) -> None:
        """End the child."""
        if self._pictures is not None:
            self._pictures.close()
        with self._lock:
            self._end()

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._child.pid if self._child else None

    def _exchange(self, request: bytes, content: bytes, format_: DocumentFormat) -> tuple[Reading | None, float]:
        child = self._ready()
        late = threading.Event()
        watch = threading.Timer(self._limits.seconds, _kill, (child, late))
        watch.daemon = True
        watch.start()
        try:
            sink, source = _pipes(child)
            sink.write(request)
            sink.write(content)
            sink.flush()
            return self._answer(source)
        except _AnswerTooLarge:
            return self._failed(format_, "too_large", "The document holds more than can be taken from it.")
        except (OSError, EOFError, ValueError, KeyError, TypeError):  # it died, or what it says is no reading
            if late.is_set() or _worked_too_long(child):
                return self._failed(format_, "timeout", "Reading the document took too long.")
            return self._failed(format_, "unreadable", "The document could not be read.")
        finally:
            watch.cancel()

    def _answer(self, source: IO[bytes]) -> tuple[Reading | None, float]:
        length, worked, *last = source.readline(40).split() or (b"", b"")
        if int(length) > self._limits.answer:
            raise _AnswerTooLarge
        body = source.read(int(length))
        if len(body) < int(length):
            raise EOFError
        self._read = self._limits.documents if last else self._read + 1
        shown = json.loads(body)
        return None if shown is None else reading_from_json(shown), int(worked) / 1000

    def _failed(self, format_: DocumentFormat, code: str, text: str) -> tuple[Reading, float]:
        log.warning("document.reader_replaced", reason=code, format=format_.value)
        self._end()
        return unread(format_, code, text), 0.0

    def _ready(self) -> subprocess.Popen[bytes]:
        """A child that lives: the one at hand, or a new one when it has died or done its share."""
        child = self._child
        if child is not None and child.poll() is None and self._read < self._limits.documents:
            return child
        self._end()
        self._read = 0
        # nothing of the parent's environment: settings hold secrets, and the child reads what strangers send
        environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]), "PATH": os.defpath}
        command = [sys.executable, "-m", "inbound.documents.reader_child"]
        child = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
            [*command, json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self._child = child
        _pipes(child)[1].readline(20)  # it says when it is warm; if it died, the first write tells
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        _kill_all(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader any more
                    continue
        child.wait()


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
    _kill_all(child)


def _kill_all(child: subprocess.Popen[bytes]) -> None:
    """End the child with what it started, which is in its own session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
