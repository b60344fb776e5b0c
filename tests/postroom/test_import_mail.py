"""Mails taken out of files: Maildir, mbox, single ones; again and again without doubling."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from inbound.pipe import serve_pipe
from inbound.receiving import Receiving
from postroom.errors import PostroomError
from postroom.import_mail import Counts, import_mail, mails_in, moment_of
from store.installation import Installation
from store.mails import Mail, MailSource
from store.parties import Company

LETTER = (
    "Received: from a by b; Tue, 3 Mar 2026 10:00:00 +0100\nFrom: sue@supplier.example\nTo: {to}\n"
    "Message-ID: <{n}@supplier.example>\n\nHello {n}\n"
)


def letter(n: int, to: str = "orders@example.com") -> bytes:
    """One of many different letters."""
    return LETTER.format(n=n, to=to).encode()


def maildir(folder: Path, *mails: bytes) -> Path:
    """A Maildir with *mails*, every other one read; and one that is still being written."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for n, mail in enumerate(mails):
        file = folder / ("cur" if n % 2 else "new") / f"{n}.host:2,"
        file.write_bytes(mail)
        os.utime(file, (n, n))
    (folder / "tmp" / "x").write_bytes(letter(999))
    return folder


def test_a_maildir_is_taken_in_once(installation: Installation, company: Company, tmp_path: Path) -> None:
    """Oldest first, with the moment at which the last server had it; again, nothing is new."""
    place = maildir(tmp_path / "mail", letter(1), letter(2), letter(3, "x@example.com"), b"\n")
    assert import_mail(installation, [place], "", 10_000) == Counts(new=2, not_ours=1, refused=1)
    assert import_mail(installation, [place], "", 10_000) == Counts(known=2, not_ours=1, refused=1)
    with installation.database.read() as session:
        mails = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert {mail.way for mail in mails} == {"import"}
    assert {mail.received_at for mail in mails} == {datetime(2026, 3, 3, 9, tzinfo=UTC)}


def test_an_mbox_is_taken_apart(installation: Installation, company: Company, tmp_path: Path) -> None:
    """`From ` lines in the text are text; quoted ones are as they were written."""
    box = tmp_path / "box"
    line = b"From sue@supplier.example Tue Mar  3 10:00:00 2026\n"
    text = b"From here on it is text, 10:00 in 2026\n>From the start\n>>From twice\n"
    box.write_bytes(line + letter(1) + text + b"\n" + line + letter(2))
    first, second = mails_in(box)
    assert first.endswith(b"Hello 1\nFrom here on it is text, 10:00 in 2026\nFrom the start\n>From twice\n\n")
    assert second == line + letter(2)
    assert import_mail(installation, [box], "", 10_000).new == 2
    with installation.database.read() as session:
        assert letter(2) in session.scalars(select(MailSource.source)).all()


def test_a_mail_for_nobody_here_is_taken_for_the_address_given(
    installation: Installation, company: Company, tmp_path: Path
) -> None:
    """One that is ours; another is refused in words."""
    (tmp_path / "one.eml").write_bytes(letter(1, "x@example.com"))
    with pytest.raises(PostroomError, match="no address of ours"):
        import_mail(installation, [tmp_path / "one.eml"], "x@example.com", 10_000)
    assert import_mail(installation, [tmp_path / "one.eml"], "orders@example.com", 10_000).new == 1
    with pytest.raises(PostroomError, match="is not there"):
        import_mail(installation, [tmp_path / "none"], "", 10_000)


def test_the_process_that_serves_takes_imported_mail(
    installation: Installation, company: Company, tmp_path: Path
) -> None:
    """On SQLite there is one writer: it gets the mail with its moment."""
    if not installation.database.sqlite:
        pytest.skip("only SQLite has one serving process")
    receiving = Receiving(installation)
    handover = serve_pipe(installation, receiving)
    try:
        assert import_mail(installation, [maildir(tmp_path / "m", letter(1))], "", 10_000).new == 1
    finally:
        handover.close()
        receiving.close()
    with installation.database.read() as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.way, mail.received_at) == ("import", datetime(2026, 3, 3, 9, tzinfo=UTC))


@pytest.mark.parametrize("head", [b"", b"Date: tomorrow", b"Received: ;;;", b"Date: Tue, 3 Mar 99999 10:00:00 +0000"])
def test_a_mail_without_a_usable_date_came_now(head: bytes) -> None:
    """Whatever stands there."""
    assert abs((moment_of(head + b"\n\n") - datetime.now(UTC)).total_seconds()) < 5
