"""What mail programs wrap up is found: winmail.dat, uuencode, opaque S/MIME; what is encrypted is named and kept."""

import binascii
import struct

import pytest

from inbound import signed, tnef, uuencode
from inbound.letter import read_letter
from tests.inbound.letters import PDF, a_file, a_mail, a_mixed_mail, a_text


def an_attribute(number: int, data: bytes, level: int = 2) -> bytes:
    """Return one attribute of a TNEF stream."""
    return struct.pack("<BHHI", level, number, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def a_property(number: int, kind: int, value: bytes) -> bytes:
    """Return one MAPI property with a value of its own length."""
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + bytes(-len(value) % 4)


def a_winmail(*, long_name: str = "Rechnung März 2026.pdf", text: str = "") -> bytes:
    """Return a winmail.dat with one file, with its short name first and its long one behind its content."""
    words = struct.pack("<I", 1) + a_property(0x1000, 0x1F, f"{text}\0".encode("utf-16-le"))
    named = struct.pack("<IHHI", 2, 0x0003, 0x7705, 5) + a_property(0x3707, 0x1F, f"{long_name}\0".encode("utf-16-le"))
    return b"".join(
        (
            struct.pack("<IH", 0x223E9F78, 1),
            an_attribute(0x9007, struct.pack("<II", 1252, 0), level=1),
            an_attribute(0x9003, words, level=1),
            an_attribute(0x9002, bytes(14)),
            an_attribute(0x8010, b"RECHNU~1.PDF\0"),
            an_attribute(0x800F, PDF),
            an_attribute(0x9005, named),
        )
    )


def a_uuencoded(content: bytes, name: str = "order.csv") -> tuple[str, ...]:
    """Return the lines of a uuencoded file, which lost the blanks at their ends on the way."""
    lines = (binascii.b2a_uu(content[at : at + 45]).decode().rstrip() for at in range(0, len(content), 45))
    return (f"begin 644 {name}", *lines, "`", "end")


def an_object(tag: int, *contents: bytes, endless: bool = False) -> bytes:
    """Return a BER object, of indefinite length if wished."""
    content = b"".join(contents)
    if endless:
        return bytes((tag, 0x80)) + content + b"\0\0"
    return bytes((tag, 0x82)) + struct.pack(">H", len(content)) + content


def a_signed_mail(inner: bytes, *, endless: bool) -> bytes:
    """Return a CMS signed-data object around a mail, its content in two pieces."""
    half = len(inner) // 2
    pieces = an_object(0x24, an_object(4, inner[:half]), an_object(4, inner[half:]), endless=endless)
    data = an_object(0x30, an_object(6, bytes.fromhex("2a864886f70d010701")), an_object(0xA0, pieces, endless=endless))
    body = an_object(0x30, an_object(2, b"\1"), an_object(0x31), data, an_object(0x31), endless=endless)
    oid = an_object(6, bytes.fromhex("2a864886f70d010702"))
    return an_object(0x30, oid, an_object(0xA0, body, endless=endless), endless=endless)


def test_a_winmail_is_unpacked_and_kept() -> None:
    """The files in it stand behind it, under their long names."""
    source = a_mixed_mail(
        a_text("See the invoice."), a_file(a_winmail(), 'Content-Type: application/ms-tnef; name="winmail.dat"')
    )
    letter = read_letter(source)
    assert [(file.name, file.type) for file in letter.attachments] == [
        ("winmail.dat", "application/ms-tnef"),
        ("Rechnung März 2026.pdf", "application/pdf"),
    ]
    assert letter.attachments[1].content == PDF
    assert letter.defects == ()


def test_the_text_of_a_winmail_counts_where_the_mail_has_none() -> None:
    """Some Exchange servers send nothing but the winmail.dat."""
    part = a_file(a_winmail(text="We confirm."), "Content-Type: application/ms-tnef")
    assert read_letter(a_mixed_mail(part)).text == "We confirm."


@pytest.mark.parametrize("end", [3, 40, 200, 2_000])
def test_a_broken_winmail_gives_what_it_has(end: int) -> None:
    """A stream that ends early, or claims more than there is, is read as far as it goes, and that is told."""
    part = a_file(a_winmail()[:end], 'Content-Type: application/ms-tnef; name="winmail.dat"')
    assert "a winmail.dat is broken, it was unpacked as far as it goes" in read_letter(a_mixed_mail(part)).defects


@pytest.mark.timeout(20)
def test_a_hostile_winmail_costs_little() -> None:
    """Counts and lengths that a stream only claims are not believed."""
    many = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x1003, 0x3707, 0xFFFFFFFF) + bytes(400_000)
    stream = struct.pack("<IH", 0x223E9F78, 1) + an_attribute(0x9002, b"") + an_attribute(0x9005, many) * 20
    assert tnef.unpack(stream) is not None


def test_a_uuencoded_file_in_the_text_is_unpacked() -> None:
    """The text stays without it; words that only begin like a file stay text."""
    content = bytes(range(200))
    letter = read_letter(a_mail("Our list:", "", *a_uuencoded(content), "Regards", "begin 644 of next week"))
    assert letter.attachments[0].content == content
    assert letter.attachments[0].name == "order.csv"
    assert letter.text == "Our list:\n\nRegards\nbegin 644 of next week"


def test_a_uuencoded_part_is_kept_and_unpacked() -> None:
    """The part stays as it came, what is in it stands behind it, whole or not."""
    head = ('Content-Type: application/pdf; name="a.pdf"', "Content-Transfer-Encoding: x-uuencode", "")
    letter = read_letter(a_mixed_mail(a_text("See."), (*head, *a_uuencoded(PDF, "a.pdf")[:-1])))
    assert [file.content == PDF for file in letter.attachments] == [False, True]


@pytest.mark.parametrize("endless", [False, True])
def test_an_opaquely_signed_mail_is_read(endless: bool) -> None:
    """Text and files come out of the signed part; its headers do not replace those of the mail."""
    inner = a_mixed_mail(a_text("We confirm."), a_file(PDF, 'Content-Type: application/pdf; name="a.pdf"'))
    part = a_file(
        a_signed_mail(inner, endless=endless),
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
    )
    letter = read_letter(a_mixed_mail(part))
    assert letter.text == "We confirm."
    assert [file.name for file in letter.attachments] == ["smime.p7m", "a.pdf"]


def test_what_is_encrypted_is_named_and_kept() -> None:
    """Nothing is decrypted: the part is a file, and a defect says why there is no text."""
    head = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"'
    letter = read_letter(a_mixed_mail(a_file(b"0\x80" + bytes(50), head)))
    assert letter.defects == ("the mail is encrypted (S/MIME), it was kept unread",)
    assert letter.attachments[0].name == "smime.p7m"
    version = ("Content-Type: application/pgp-encrypted", "", "Version: 1")
    body = (
        "Content-Type: application/octet-stream; name=encrypted.asc",
        "",
        signed.PGP,
        "",
        "hQ==",
        "-----END PGP MESSAGE-----",
    )
    assert (
        "the mail is encrypted (PGP), it was kept unread"
        in read_letter(a_mixed_mail(version, body, kind="encrypted")).defects
    )
    assert "the mail is encrypted (PGP), it was kept unread" in read_letter(a_mail(*body[2:])).defects


@pytest.mark.parametrize(
    "der", [b"", b"0", b"0\x80" * 5_000, b"\x30\x84\xff\xff\xff\xff" * 1_000, b"\xa0\x80" * 50_000]
)
@pytest.mark.timeout(20)
def test_a_broken_signature_is_survived(der: bytes) -> None:
    """No nesting and no length makes the reader fail or wait."""
    assert signed.signed_content(der) is None


@pytest.mark.parametrize(
    "text", ["begin 644 a\n" * 50_000, "begin 644 a\n" + "M" * 61 + "\n", "begin 644 a\n`\n" * 20_000]
)
@pytest.mark.timeout(20)
def test_what_only_begins_like_a_file_costs_little(text: str) -> None:
    """It stays text."""
    assert uuencode.unpack(text) == (text, [])
