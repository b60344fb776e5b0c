"""Files become the objects that others rely on."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.letter import read_letter
from inbound.read_mail import mail_as_json, read_file
from tests.inbound.letters import PDF, a_file, a_mail, a_mixed_mail, a_text

KEYS = (
    "file kind why from to cc subject date message_id in_reply_to references text html said signature quoted"
    " forwarded attachments bounces documents defects"
)


def test_a_mail_gives_every_field_of_the_contract() -> None:
    """The object has the contract's keys, and can be written as JSON."""
    files = a_file(PDF, "Content-Type: application/octet-stream; name=x.bin")
    inner = ("Content-Type: message/rfc822", "", "From: Eve <eve@x.example>", "To: ana@supplier.example", "", "inner")
    found = mail_as_json(read_letter(a_mixed_mail(a_text("Confirm.", "", "Regards,", "Ana"), inner, files)), "m.eml")
    assert " ".join(found) == KEYS
    assert (found["said"], found["signature"], found["kind"]) == ("Confirm.", "Regards,\nAna", "person")
    assert found["from"] == {"name": "Ana Supplier", "address": "ana@supplier.example"}
    assert [one["from"] for one in found["forwarded"]] == [{"name": "Eve", "address": "eve@x.example"}]
    assert [(one["name"], one["size"]) for one in found["attachments"]] == [("x.bin", len(PDF))]
    json.dumps(found).encode()


def test_a_text_forward_is_read_into_its_fields() -> None:
    """What was forwarded as text has a sender and a subject as well."""
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: Eve <eve@x.example>\nSubject: invoice\n\nsee below"
    found = mail_as_json(read_letter(a_mail(*text.split("\n"))), "m.eml")["forwarded"]
    assert [(one["from"]["address"], one["subject"], one["text"]) for one in found] == [
        ("eve@x.example", "invoice", "see below")
    ]


@pytest.mark.parametrize("content", [b"", b"\0\xff", b"%PDF-1.4 broken", b"<xml", b"From: a@x.example\n\nhi"])
def test_every_file_gives_an_object(content: bytes, tmp_path: Path) -> None:
    """Neither empty nor broken files raise."""
    path = tmp_path / "thing"
    path.write_bytes(content)
    assert read_file(path)["file"] == str(path)


def test_a_missing_file_gives_its_defect(tmp_path: Path) -> None:
    """A file that cannot be opened still gives its line."""
    assert read_file(tmp_path / "none")["defects"]


FRAGMENTS = st.sampled_from(
    [
        b"From: a@x.example\r\n",
        b"From: MAILER-DAEMON <>\r\n",
        b"Subject: =?utf-8?b?4oKs?=\r\n",
        b"Subject: =?undefined?q?=ED=A0=80?=\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: text/html; charset=\xff\0\r\n",
        b"Content-Type: text/plain; charset=utf-7\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"Date: Fri, 99 Foo 99999 99:99:99 +9999\r\n",
        b"\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"JVBERi0\r\n",
        b"\xed\xa0\x80\0",
    ]
)


@given(st.lists(FRAGMENTS | st.binary(max_size=20), max_size=25).map(b"".join))
def test_no_bytes_make_the_reader_fail(source: bytes) -> None:
    """Whatever comes is read into an object that can be written as JSON and as UTF-8."""
    json.dumps(mail_as_json(read_letter(source), "m.eml"), ensure_ascii=False).encode()
