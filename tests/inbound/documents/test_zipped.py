"""ZIPs are opened one level and within limits; sheets and other packages are none."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from inbound.documents import zipped
from inbound.documents.document import read_document
from inbound.documents.format import DocumentUnreadable, Source
from inbound.documents.reader_process import ReaderProcess
from inbound.letter import read_letter
from tests.inbound.letters import PDF, a_file, a_mixed_mail, a_text
from tests.sheets import an_xlsx


def a_zip(*files: tuple[str, bytes]) -> bytes:
    """A ZIP of these files."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(name, content)
    return target.getvalue()


def a_zip_part(name: str, content: bytes) -> tuple[str, ...]:
    """The lines of a mail's part with a ZIP."""
    return a_file(content, "Content-Type: application/zip", f'Content-Disposition: attachment; filename="{name}"')


def locked(content: bytes) -> bytes:
    """The same, said to be encrypted in each place (APPNOTE 4.4.4)."""
    out = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = out.find(mark)
        while place >= 0:
            out[place + at] |= 1
            place = out.find(mark, place + 4)
    return bytes(out)


BOMB = a_zip(("bomb.pdf", bytes(zipped.ZipLimits().unpacked + 1)))


def code_of(content: bytes, name: str = "papers.zip") -> list[str]:
    """The defects that are told of a file."""
    reading = read_document(content, name)
    assert reading is not None
    return [defect.code for defect in reading.defects]


def test_b46_the_files_of_a_zip_stand_in_the_mail() -> None:
    """Without their folders and the rubbish of file managers; a ZIP within stays closed."""
    inner = a_zip(("deep.pdf", PDF))
    content = a_zip(
        ("2026/invoice.pdf", PDF), ("__MACOSX/._invoice.pdf", b"x"), (".DS_Store", b"x"), ("more/inner.zip", inner)
    )
    letter = read_letter(a_mixed_mail(a_text("see zip"), a_zip_part("papers.zip", content)))
    assert [file.name for file in letter.attachments] == ["papers.zip", "invoice.pdf", "inner.zip"]
    assert letter.attachments[1].content == PDF
    assert code_of(content) == []


def test_a_sheet_is_no_zip_of_documents() -> None:
    """Though it is one; and neither is a text."""
    assert not zipped.claims(Source(an_xlsx([["a"]]), "papers.zip"))
    assert not zipped.claims(Source(a_zip(("mimetype", b"application/vnd.oasis.opendocument.text")), "a.odt"))
    assert not zipped.claims(Source(b"PK is how it begins", "a.txt"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "too_large"),
        (a_zip(*((f"{n}.pdf", b"x") for n in range(zipped.ZipLimits().files + 1))), "too_large"),
        (a_zip(*((f"{n}.pdf", b"x") for n in range(20 * zipped.ZipLimits().files + 1))), "too_large"),
        (locked(a_zip(("a.pdf", PDF))), "encrypted"),
        (a_zip(("a.pdf", PDF))[:-30], "unreadable"),
    ],
    ids=["bomb", "many files", "far too many files", "locked", "cut off"],
)
def test_a_zip_that_cannot_be_opened_says_why_and_yields_nothing(content: bytes, code: str) -> None:
    """All of its files or none."""
    assert code_of(content) == [code]
    letter = read_letter(a_mixed_mail(a_text("see zip"), a_zip_part("papers.zip", content)))
    assert [file.name for file in letter.attachments] == ["papers.zip"]


def test_a_zip_that_lies_about_its_sizes_is_stopped_by_what_comes_out() -> None:
    """The declared size is made small; what really unpacks counts."""
    lying = bytearray(BOMB)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = lying.find(mark)
        lying[place + at : place + at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DocumentUnreadable):
        list(zipped.files_of(bytes(lying), zipped.ZipLimits().unpacked))


def test_many_zips_in_one_mail_share_one_limit() -> None:
    """Each is small enough, together they are not."""
    half = a_zip(("a.pdf", bytes(zipped.ZipLimits().unpacked - 1)))
    files = [a_zip_part(f"{n}.zip", half) for n in range(3)]
    letter = read_letter(a_mixed_mail(a_text("see zips"), *files))
    assert sum(len(file.content) for file in letter.attachments if file.name == "a.pdf") <= zipped.ZipLimits().of_a_mail
    assert "a ZIP was not opened: too_large" in letter.defects


def test_the_limits_are_those_of_the_settings() -> None:
    """In the process that reads mails, and in the child that reads documents."""
    content = a_zip(("a.pdf", PDF), ("b.pdf", PDF))
    try:
        zipped.limit_zips(zipped.ZipLimits(files=1))
        assert code_of(content) == ["too_large"]
        with ReaderProcess() as process:
            reading = process.read(content, "papers.zip")
        assert reading is not None
        assert [d.text for d in reading.defects] == ["The ZIP holds more than 1 files, or more than 40 MB."]
    finally:
        zipped.limit_zips(zipped.ZipLimits())
    assert code_of(content) == []
