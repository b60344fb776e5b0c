"""Tests of what follows DATA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.errors import BareLineEnd, DataEndless, MailTooLarge
from inbound.smtp_data import Data


def fed(stream: bytes, size: int, limit: int = 1000) -> tuple[Data, bytes | None]:
    """*stream* in blocks of *size*, and what was left over."""
    data = Data(limit)
    for at in range(0, len(stream), size):
        rest = data.feed(stream[at : at + size])
        if rest is not None:
            return data, rest + stream[at + size :]
    return data, None


@given(st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a", b"a.", b". "])), st.integers(1, 9))
def test_a_mail_comes_out_as_it_was_written_however_it_is_cut(lines: list[bytes], size: int) -> None:
    """Dots are stuffed by the peer and unstuffed here; what follows the end is left over."""
    source = b"".join(line + b"\r\n" for line in lines)
    stuffed = b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)
    data, rest = fed(stuffed + b".\r\nQUIT\r\n", size)
    assert data.source() == source
    assert rest == b"QUIT\r\n"


@given(st.lists(st.sampled_from([b"\r", b"\n", b".", b"a", b"\r\n", b"\r\n.\r\n"])), st.integers(1, 5))
def test_only_crlf_dot_crlf_ends_a_mail(pieces: list[bytes], size: int) -> None:
    """Nothing that is kept holds a bare CR or LF, and the end is the first that the standard knows."""
    stream = b"".join(pieces)
    data, rest = fed(stream, size)
    end = (b"\r\n" + stream).find(b"\r\n.\r\n")
    assert rest == (None if end < 0 else stream[end + 3 :])
    if rest is not None:
        try:
            source = data.source()
        except BareLineEnd:
            return
        assert source.replace(b"\r\n", b"").translate(None, b"\r\n") == source.replace(b"\r\n", b"")


@pytest.mark.parametrize(("size", "refused"), [(998, False), (999, True), (5000, True)])
def test_a_mail_over_the_limit_is_refused_at_its_end(size: int, refused: bool) -> None:
    """A thousand bytes are taken, one more is not, and the end is still found."""
    data, rest = fed(b"x" * size + b"\r\n.\r\nQUIT\r\n", 100)
    assert rest == b"QUIT\r\n"
    if refused:
        assert data.held < 1200
        with pytest.raises(MailTooLarge):
            data.source()
    else:
        assert len(data.source()) == 1000


def test_a_peer_that_never_stops_is_told_so() -> None:
    """Ten times the limit and no end in sight."""
    with pytest.raises(DataEndless):
        fed(b"x" * 20_000, 100)
