"""The pages of a picture file or of a PDF as grey pictures of a bounded size, opened by Pillow and pdfium."""

from __future__ import annotations

import io
import signal
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence

from inbound.documents.format import DocumentUnreadable
from inbound.documents.image import large
from inbound.documents.pdf_text import opened
from inbound.documents.pictures.marks import anything_on

MOST_PIXELS: Final = 60_000_000
"""A telephone's largest photographs have 50 million; beyond, a picture is made to fill memory."""

PIXELS_WANTED: Final = 8_700_000
"""An A4 page at 300 dpi: what a page is brought to."""

MOST_PAGES: Final = 6
"""Pages of one document that are read: its first and its last ones, for the sums stand at the end."""

MOST_BYTES: Final = 200 * 1024 * 1024
"""What a picture may fill when it is unpacked, with its copy in greys."""

DRAWING: Final = 1.5
"""Seconds of work in which a page is drawn, or a picture unpacked; the densest at 600 dpi take half a second."""

TOO_MANY: Final = "The picture has more pixels than can be read."
_FORMATS: Final = ("PNG", "JPEG", "TIFF", "HEIF")


def chosen(pages: int) -> Sequence[int]:
    """The pages that are read of so many, counted from 0."""
    if pages <= MOST_PAGES:
        return range(pages)
    return (*range(MOST_PAGES // 2), *range(pages - MOST_PAGES // 2, pages))


def pages_of_picture(content: bytes, recognising: float = 0.0) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PNG, JPEG, TIFF or HEIC with their numbers from 1; raises `DocumentUnreadable`.

    `recognising` is as in `pages_of_pdf`.
    """
    heic = content[4:8] == b"ftyp"
    if heic and not _heic_known():
        raise DocumentUnreadable("no_reader", "A HEIC picture cannot be read here; please send it as JPEG or PDF.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            count = int(getattr(picture, "n_frames", 1))
            wanted, allowance = set(chosen(count)), _Allowance(recognising)
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number not in wanted or not large(*frame.size):
                    continue
                with allowance.of_a_page():
                    page = _unpacked(frame, heic=heic)
                yield number + 1, page
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentUnreadable("unreadable", "The picture is damaged.") from error


def pages_of_pdf(content: bytes, recognising: float = 0.0) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PDF on which anything stands, all drawn at the first asking, with their numbers from 1.

    `recognising` is what work is left once they are opened (`Source.recognising`). Raises `DocumentUnreadable`, also
    for pages that are made to be drawn for ever.
    """
    with opened(content) as document, ExitStack() as stack:
        shown = []
        for index in chosen(len(document)):
            page = document[index]
            stack.callback(page.close)
            if anything_on(page):
                shown.append((index + 1, page))
        pages, allowance = [], _Allowance(recognising)
        for number, page in shown:
            with allowance.of_a_page():
                pages.append((number, _drawn(page)))
    yield from pages


def _drawn(page: Any) -> Image.Image:
    width, height = page.get_size()
    scale = min(300 / 72, (PIXELS_WANTED / max(width * height, 1.0)) ** 0.5)
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return picture


class _Allowance:
    """The work that a process whose work is limited may do: little for a page to be drawn, the rest to recognise it.

    `recognising` is what is left of it once the first page is drawn, where opening has a limit of its own; else 0.
    """

    def __init__(self, recognising: float) -> None:
        self._opened = recognising

    @contextmanager
    def of_a_page(self) -> Iterator[None]:
        """Draw one page within it: a process that takes longer is ended."""
        left, _ = signal.getitimer(signal.ITIMER_PROF)
        if not left:
            yield
            return
        whole, self._opened = self._opened or left, 0.0
        if whole == left:
            signal.setitimer(signal.ITIMER_PROF, min(DRAWING, whole))
        began = time.process_time()
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, max(whole - (time.process_time() - began), 0.01))


def _unpacked(frame: Image.Image, *, heic: bool) -> Image.Image:
    if frame.width * frame.height > MOST_PIXELS:
        raise DocumentUnreadable("too_large", TOO_MANY)
    if frame.width * frame.height * _bytes_a_pixel(frame, heic=heic) > MOST_BYTES:
        scale = (PIXELS_WANTED / (frame.width * frame.height)) ** 0.5
        # a JPEG is unpacked smaller at no cost; what the others need they need whole
        if frame.draft("L", (round(frame.width * scale), round(frame.height * scale))) is None:
            raise DocumentUnreadable("too_large", TOO_MANY)
    return _grey(ImageOps.exif_transpose(frame))


def _bytes_a_pixel(frame: Image.Image, *, heic: bool) -> int:
    """What a pixel fills as Pillow unpacks it and beside its copies (`_grey`); HEIC is unpacked by another before."""
    return (4 if len(frame.getbands()) > 1 else 1) + (3 if _see_through(frame) else 1) + 3 * heic


def _see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _grey(picture: Image.Image) -> Image.Image:
    """A picture in greys on white, of about the size in which letters are read best."""
    if _see_through(picture):
        picture = picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")
        grey = Image.new("L", picture.size, 255)
        grey.paste(picture.convert("L"), mask=picture.getchannel("A"))
    else:
        grey = picture.convert("L")
    scale = (PIXELS_WANTED / (grey.width * grey.height)) ** 0.5
    if scale < 0.95 or scale > 1.2:
        scale = min(scale, 2.5)
        size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
        grey = grey.resize(size, Image.Resampling.BICUBIC)
    return grey


def _heic_known() -> bool:
    """Whether Pillow can be taught HEIC by a package that is there."""
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
