"""The warm child that reads documents: one request after the other from standard input, within its limits.

Started by `warm_child` as a module of its own. It holds no secret, opens no file and no connection.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

from inbound.documents.as_json import reading_as_json
from inbound.documents.dates import month_names
from inbound.documents.document import read_source, reader_of
from inbound.documents.format import DocumentUnreadable, Source, unread
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.zipped import ZipLimits, limit_zips
from workflows.reading import DocumentFormat

LEAST_OPENING: Final = 0.3
"""Seconds of work in which any picture is opened and its first page drawn, whatever was spent on it before."""


def main(limits: Mapping[str, Any]) -> None:
    """Answer requests until the parent closes the pipe; `limits` are those of `ReaderLimits`, in seconds and bytes.

    A request is a line of JSON: `size` of the content that follows, and how to read it (`name`, `open_orders`,
    `engine`, `pictures`, `languages`, `opening`, `textless`), or `rules` to check the norm's.
    """
    _limit(int(limits["memory"]), int(limits["heap"]))
    limit_zips(ZipLimits(**limits["zips"]))
    month_names()  # what every document needs is made before the first one comes
    labels_in("invoice")
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(b"ready\n")
    answers.flush()
    started = time.process_time()
    while header := requests.readline():
        request = json.loads(header)
        signal.alarm(int(limits["seconds"]) + 5)  # should the parent die, nobody else would end us
        content = requests.read(request["size"])
        began = time.process_time()
        work = limits["processor"]
        if "opening" in request:  # who waits for a child that was started for this document waits for its start, too
            work = max(request["opening"] - started, LEAST_OPENING)
        signal.setitimer(signal.ITIMER_PROF, work)  # its signal ends this process: SIGPROF
        shown, spent = _shown(content, {**request, "recognising": limits["processor"] if "opening" in request else 0})
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        _answer(answers, shown, time.process_time() - began, last=spent)
        if spent:  # after a MemoryError nothing is certain, so a new child takes over
            return
        started = 0.0


def _shown(content: bytes, request: Mapping[str, Any]) -> tuple[Any, bool]:
    """The reading as JSON, or the rules that are broken, and whether this child is of no more use."""
    try:
        if request.get("rules"):
            return _broken_rules(content), False
        source = Source(
            content,
            request["name"],
            tuple(request["open_orders"]),
            request["engine"],
            pictures=request.get("pictures", False),
            languages=tuple(request.get("languages", ())),
            recognising=request["recognising"],
            textless=request.get("textless", False),
            layout=True,
        )
        reading = read_source(source)
        return None if reading is None else reading_as_json(reading, "", layout=True), False
    except MemoryError:
        reader = reader_of(Source(content[:1024]))
        format_ = reader.format if reader else DocumentFormat.OTHER
        told = unread(format_, "too_large", "Reading the document takes more memory than is allowed.")
        return reading_as_json(told, "") if not request.get("rules") else [["too_large", told.defects[0].text]], True


def _broken_rules(content: bytes) -> list[tuple[str, str]]:
    # the checker is asked for by few, and heavy
    from inbound.documents.validating import norm_defects

    try:
        return [(defect.code, defect.text) for defect in norm_defects(content) or ()]
    except DocumentUnreadable:
        return []  # told by who reads it


def _answer(answers: BinaryIO, shown: Any, worked: float, *, last: bool) -> None:
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
