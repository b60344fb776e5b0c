"""The warm child that reads documents: one request after the other from standard input, within its limits.

Started by `reader_process` as a module of its own. It holds no secret, opens no file and no connection.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from inbound.documents.as_json import reading_as_json
from inbound.documents.dates import month_names
from inbound.documents.document import read_source, reader_of
from inbound.documents.format import Source, unread
from inbound.documents.visible.lexicon import labels_in
from workflows.reading import DocumentFormat, Reading


def main(limits: Mapping[str, float]) -> None:
    """Answer requests until the parent closes the pipe; `limits` are those of `ReaderLimits`, in seconds and bytes."""
    _limit(int(limits["memory"]), int(limits["heap"]))
    month_names()  # what every document needs is made before the first one comes
    labels_in("invoice")
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"ready\n")
    answers.flush()
    while header := requests.readline():
        request = json.loads(header)
        signal.alarm(int(limits["seconds"]) + 5)  # should the parent die, nobody else would end us
        content = requests.read(request["size"])
        began = time.process_time()
        opening = request.get("opening", limits["processor"])
        signal.setitimer(signal.ITIMER_PROF, opening)  # its signal ends this process: SIGPROF
        reading, spent = _read(content, {**request, "recognising": limits["processor"] if "opening" in request else 0})
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        _answer(answers, reading, time.process_time() - began, last=spent)
        if spent:  # after a MemoryError nothing is certain, so a new child takes over
            return


def _read(content: bytes, request: Mapping[str, Any]) -> tuple[Reading | None, bool]:
    try:
        source = Source(
            content,
            request["name"],
            tuple(request["open_orders"]),
            request["engine"],
            pictures=request.get("pictures", False),
            languages=tuple(request.get("languages", ())),
            recognising=request["recognising"],
            layout=True,
        )
        return read_source(source), False
    except MemoryError:
        reader = reader_of(Source(content[:1024]))
        format_ = reader.format if reader else DocumentFormat.OTHER
        return unread(format_, "too_large", "Reading the document takes more memory than is allowed."), True


def _answer(answers: BinaryIO, reading: Reading | None, worked: float, *, last: bool) -> None:
    shown = None if reading is None else reading_as_json(reading, "", layout=True)
    body = json.dumps(shown, ensure_ascii=True).encode()
    answers.write(b"%d %d%s\n" % (len(body), 1000 * worked, b" last" if last else b"") + body)
    answers.flush()


def _limit(memory: int, heap: int) -> None:
    limits = {"RLIMIT_AS": memory, "RLIMIT_DATA": heap, "RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0}
    for name, value in limits.items():
        with suppress(ValueError, OSError):  # not every system has every limit; time is kept by the parent as well
            resource.setrlimit(getattr(resource, name), (value, value))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
