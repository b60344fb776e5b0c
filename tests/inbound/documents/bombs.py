"""PDFs that are made to exhaust who reads them, written by hand and small."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final

from PIL import Image

_FONT: Final = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_TEXT: Final = b"BT /F1 10 Tf 50 700 Td (Invoice no. 7 and some more words) Tj ET"
_FORM: Final = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> /Font << /F1 5 0 R >> >>"
)


def _pdf(objects: dict[int, bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(out), max(objects) + 1
    rows = b"".join(
        b"%010d %05d %c \n" % ((places[n], 0, 110) if n in places else (0, 65535, 102)) for n in range(size)
    )
    out += b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, rows, size, table)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _inflating(megabytes: int, chunk: bytes, *, twice: bool = False, entries: bytes = b"", after: bytes = b"") -> bytes:
    """A stream that inflates to so many megabytes: one block of deflated data over and over (RFC 1951)."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(chunk * (1024 * 1024 // len(chunk))) + deflate.flush(zlib.Z_FULL_FLUSH)
    data = b"\x78\xda" + block * megabytes + deflate.compress(after) + deflate.flush(zlib.Z_FINISH)
    if twice:
        data = zlib.compress(data, 9)
    return stream(data, entries + b" /Filter [/FlateDecode%s]" % (b" /FlateDecode" if twice else b""))


def one_page(content: bytes, more: dict[int, bytes] | None = None, catalog: bytes = b"") -> bytes:
    """A PDF of one page whose content is object 4."""
    resources = b"<< /XObject << /X 10 0 R >> /Font << /F1 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % resources
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}
    return _pdf({**objects, 3: page, 4: content, 5: _FONT, **(more or {})})


def pages(count: int) -> bytes:
    """A PDF of so many pages with a line of text each."""
    resources = b"<< /Font << /F1 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources %s >>" % resources
    kids = b" ".join(b"%d 0 R" % (10 + n) for n in range(count))
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)}
    return _pdf({**objects, 3: stream(_TEXT), 5: _FONT, **{10 + n: page for n in range(count)}})


def _laughing(deep: int = 12, wide: int = 12) -> bytes:
    forms = {10 + n: stream(b"/X Do " * wide, _FORM % (11 + n)) for n in range(deep)}
    return one_page(stream(b"/X Do"), {**forms, 10 + deep: stream(_TEXT, _FORM % 5)})


def _attached() -> bytes:
    file = b"<< /Type /Filespec /F (a.xml) /EF << /F 7 0 R >> >>"
    names = b"/Names << /EmbeddedFiles << /Names [(a.xml) 6 0 R] >> >>"
    bomb = _inflating(2048, b"<a> ", twice=True, entries=b"/Type /EmbeddedFile")
    return one_page(stream(_TEXT), {6: file, 7: bomb}, names)


def _tiled() -> bytes:
    """A page filled with a pattern that is far smaller than a point, laid by another of its kind."""
    laid = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 %s %s] /XStep %s /YStep %s"
    laid += b" /Resources << /Pattern << /P 11 0 R >> >>"
    filled = b"/Pattern cs /P scn 0 0 595 842 re f"
    resources = b"<< /Pattern << /P 10 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % resources
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", 3: page}
    outer = stream(filled, laid % ((b"2",) * 4))
    inner = stream(b"0 0 m 1 1 l S " * 1000, laid % ((b"0.02",) * 4))
    return _pdf({**objects, 4: stream(filled * 50), 10: outer, 11: inner})


def a_picture(form: str, mode: str, side: int) -> bytes:
    """A picture of one colour, far smaller as a file than unpacked."""
    out = BytesIO()
    Image.new(mode, (side, side)).save(out, form, **({"compression": "tiff_lzw"} if form == "TIFF" else {}))
    return out.getvalue()


def a_png_that_says(side: int) -> bytes:
    """A PNG by its first bytes of so many pixels by as many, each a bit (ISO/IEC 15948, 11.2.2); few are in it."""
    parts = ((b"IHDR", struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(9_000))))
    chunks = (
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in (*parts, (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _many_frames(count: int = 100_000) -> bytes:
    """A TIFF whose list of pages does not end: each of one black point (TIFF 6.0, section 2)."""
    sides = struct.pack("<HHLL", 256, 4, 1, 1) + struct.pack("<HHLL", 257, 4, 1, 1)
    places = struct.pack("<HHLL", 273, 4, 1, 0) + struct.pack("<HHLL", 279, 4, 1, 1)
    entries = struct.pack("<H", 4) + sides + places
    size = len(entries) + 4
    frames = (entries + struct.pack("<L", 8 + n * size if n < count else 0) for n in range(1, count + 1))
    return b"II*\0" + struct.pack("<L", 8) + b"".join(frames)


PICTURES: Final[dict[str, Callable[[], bytes]]] = {
    "a picture of a thousand million pixels": lambda: a_png_that_says(32_000),
    "a picture with all colours and a see-through layer": lambda: a_picture("PNG", "RGBA", 7_000),
    "a TIFF of fifty million pixels": lambda: a_picture("TIFF", "RGB", 7_000),
    "a TIFF of pages without end": _many_frames,
}
"""Pictures made so: refused, or taken for none of a document."""

BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "a gigabyte of blanks in a page": lambda: one_page(_inflating(1024, b" ")),
    "four gigabytes deflated twice": lambda: one_page(_inflating(4096, b" ", twice=True)),
    "millions of texts": lambda: one_page(_inflating(200, _TEXT + b"\n" * 64)),
    "a form that draws itself": lambda: one_page(stream(b"/X Do"), {10: stream(b"/X Do /X Do", _FORM % 10)}),
    "a billion laughs": _laughing,
    "an attachment of two gigabytes": _attached,
    "a page painted over for ever": lambda: one_page(stream(b"10 10 500 800 re f\n" * 300_000)),
    "a page of nothing": lambda: one_page(stream(b"BT ET " * 100_000)),
    "millions of states that nothing is drawn in": lambda: one_page(_inflating(40, b"q Q ")),
    "millions of states and one mark": lambda: one_page(_inflating(40, b"q Q ", after=b" 9 9 9 9 re f")),
    "a page tiled with specks": _tiled,
    "ten thousand pages": lambda: pages(10_000),
    "pages that are their own parents": lambda: _pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 5 >>",
            3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 5 >>",
        }
    ),
    "brackets without end": lambda: one_page(b"[" * 200_000 + b"]" * 200_000),
    "noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 1000,
}
