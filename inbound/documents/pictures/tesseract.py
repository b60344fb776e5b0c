"""tesseract as a process of its own within limits: a grey picture in, words with their places out."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import threading
from contextlib import suppress
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from inbound.documents.format import DocumentUnreadable

if TYPE_CHECKING:
    from PIL import Image

MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of memory of one run; nine languages at once take 160 MB."""


MISSING: Final = "The document is a picture, and reading pictures is not set up here."

LONGEST_ANSWER: Final = 8 * 1024 * 1024


class SeenWord(NamedTuple):
    """A word as it was recognised: its box in pixels from the upper left, how sure it is, 0 to 100, and its line."""

    left: int
    top: int
    width: int
    height: int
    sure: float
    text: str
    line: tuple[str, ...] = ()


def program() -> str | None:
    """Where tesseract is; None where it is not installed."""
    return shutil.which("tesseract")


@cache
def languages() -> frozenset[str]:
    """The languages that are installed with it, as it names them."""
    found = program()
    if found is None:
        return frozenset()
    told = subprocess.run([found, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return frozenset(line.strip() for line in told.stdout.splitlines()[1:] if line.strip())


def recognise(page: Image.Image, wanted: str, seconds: float, layout: int = 6) -> list[SeenWord]:
    """The words of a page, in languages written as tesseract takes them (`deu+eng`).

    `layout` is its page segmentation mode. Raises `DocumentUnreadable` when it takes too long or ends badly.
    """
    found = program()
    if found is None:
        raise DocumentUnreadable("ocr_missing", MISSING)
    command = [found, "stdin", "stdout", "-l", wanted, "--psm", str(layout), "--dpi", "300", "tsv"]
    picture = b"P5 %d %d 255\n" % page.size + page.tobytes()
    return _words(_run(command, picture, seconds))


def _run(command: list[str], picture: bytes, seconds: float) -> str:
    child = subprocess.Popen(  # noqa: S603 - the program found, the languages checked by the settings
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    watch = threading.Timer(max(seconds, 0.1), end)
    watch.daemon = True
    watch.start()
    try:
        _limit(child.pid, seconds)
        feeding = threading.Thread(target=_feed, args=(child, picture), daemon=True)
        feeding.start()
        assert child.stdout is not None
        answer = child.stdout.read(LONGEST_ANSWER + 1)
        child.stdout.close()
        if len(answer) > LONGEST_ANSWER:
            child.kill()
        code = child.wait()
        feeding.join()
    finally:
        watch.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
    if late.is_set():
        raise DocumentUnreadable("timeout", "Reading the picture took too long.")
    if code != 0:
        raise DocumentUnreadable("unreadable", "The picture could not be read.")
    return answer.decode("utf-8", "replace")


def _feed(child: subprocess.Popen[bytes], picture: bytes) -> None:
    assert child.stdin is not None
    with suppress(OSError):  # it ended before it had read all
        child.stdin.write(picture)
    with suppress(OSError):
        child.stdin.close()


def _limit(pid: int, seconds: float) -> None:
    """Let it not outlive its time either, should whoever keeps it die."""
    if hasattr(resource, "prlimit"):  # Linux; elsewhere time alone bounds it
        work = max(ceil(seconds), 1) + 1
        with suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.prlimit(pid, resource.RLIMIT_CPU, (work, work))


def _words(table: str) -> list[SeenWord]:
    """The rows of level 5 of its table: left, top, width, height, confidence, text."""
    words = []
    for line in table.splitlines()[1:]:
        parts = line.split("\t")
        if len(parts) == 12 and parts[0] == "5" and parts[11].strip():
            left, top, width, height = (int(part) for part in parts[6:10])
            place = tuple(parts[1:5])
            words.append(SeenWord(left, top, width, height, float(parts[10]), parts[11].strip(), place))
    return words
