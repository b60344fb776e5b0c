"""Documents read in warm child processes: one for what has text, one for pictures, one for the norm's own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final

from inbound.documents.as_json import reading_from_json
from inbound.documents.document import reader_of
from inbound.documents.format import LARGEST, OCR_LANGUAGES, Engine, Source, unread
from inbound.documents.warm_child import ChildFailed, ReaderLimits, WarmChild
from workflows.reading import Defect, DocumentFormat, Reading

FOR_PICTURES: Final = ReaderLimits(seconds=90.0, processor=20.0)
"""Text recognition takes seconds a page; it stops by itself before (`inbound/documents/pictures/reading.py`)."""

FOR_RULES: Final = ReaderLimits(seconds=120.0, processor=60.0, memory=64 * 1024**3, heap=600 * 1024**2)
"""Compiling the norm's rules takes seconds, and who checks them maps much memory that it never fills."""


class ReaderProcess:
    """Reads documents in a child, one at a time; safe to share between threads.

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
        self._text = WarmChild(self._limits)
        self._pictures = None if for_pictures is None else WarmChild(for_pictures)
        self._rules = WarmChild(FOR_RULES)

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
            return self._recognised(header, content, reader.format, self._limits.processor)
        reading, worked = _asked(self._text, header, content, reader.format)
        if self._pictures is not None and reading is not None and any(d.code == "no_text" for d in reading.defects):
            # it is opened once more: what is made to be opened for ever gets no second time for it
            again = {**header, "textless": True}
            return self._recognised(again, content, reader.format, self._limits.processor - worked)
        return reading

    def broken_rules(self, content: bytes) -> list[Defect]:
        """The norm's own rules that an e-invoice breaks (`validating.norm_defects`), none for what is no e-invoice.

        The extra `validate` must be installed. A child that fails answers with its defect.
        """
        if len(content) > LARGEST:
            return []  # told by who reads it
        try:
            found, _ = self._rules.ask({"size": len(content), "rules": True}, content)
        except ChildFailed as failed:
            return [Defect(failed.code, failed.text)]
        return [Defect(str(code), str(text)) for code, text in found]

    def close(self) -> None:
        """End the children."""
        for child in (self._pictures, self._rules, self._text):
            if child is not None:
                child.close()

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the child that reads text, while there is one."""
        return self._text.pid

    def _recognised(
        self, header: Mapping[str, object], content: bytes, format_: DocumentFormat, opening: float
    ) -> Reading | None:
        """Read a document whose pages are pictures; `opening` is the work in which the first of them must be drawn."""
        assert self._pictures is not None
        asked = {**header, "pictures": True, "languages": self._languages, "opening": opening}
        return _asked(self._pictures, asked, content, format_)[0]


def _asked(
    child: WarmChild, header: Mapping[str, object], content: bytes, format_: DocumentFormat
) -> tuple[Reading | None, float]:
    """The child's reading, and how many seconds it worked."""
    try:
        shown, worked = child.ask(header, content)
        return _reading(shown), worked
    except ChildFailed as failed:
        return unread(format_, failed.code, failed.text), 0.0


def _reading(shown: Any) -> Reading | None:
    return None if shown is None else reading_from_json(shown)
