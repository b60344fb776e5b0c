"""B45: the doctor mails itself a probe and says whether and how it came back."""

from __future__ import annotations

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import func, select

from outbound.relay import Relay
from postroom.doctor import Level
from postroom.round_trip import a_probe, round_trip
from store.journal import Notice
from store.parties import Company
from tests.flows.conftest import Play
from tests.outbound.sink import Sink, SinkServer


def test_b45_a_probe_comes_back_by_the_way_that_mail_takes(play: Play) -> None:
    """Through the relay and in by SMTP, judged by a server that we believe; nobody is answered."""

    def hand_on(envelope: Envelope) -> None:
        assert envelope.original_content is not None
        play.house.relay.hand_in(envelope.original_content, envelope.mail_from or "", envelope.rcpt_tos)

    server = SinkServer(Sink(at_data=hand_on))
    server.start()
    relay = Relay(server.url)
    with play.installation.database.read() as session:
        before = session.scalar(select(func.count(Notice.id)))
    try:
        findings = list(round_trip(play.installation, relay, 20))
    finally:
        relay.close()
        server.stop()
    assert findings[0].level is Level.WELL, findings
    assert "by SMTP" in findings[0].text
    assert {finding.level for finding in findings} == {Level.WELL}
    with play.installation.database.read() as session:
        assert session.scalar(select(func.count(Notice.id))) == before


def test_b45_a_probe_that_stays_away_is_told(play: Play) -> None:
    """With the address, though without what its token opens."""
    server = SinkServer(sink := Sink())
    server.start()
    relay = Relay(server.url)
    try:
        (found,) = round_trip(play.installation, relay, 0.5)
    finally:
        relay.close()
        server.stop()
    assert found.level is Level.FAULT
    assert sink.box[0].rcpt_tos[0] not in found.text


@pytest.mark.parametrize("style", ["domain", "plus", "plain"])
def test_b45_the_probe_is_written_as_a_reply_would_be(play: Play, style: str) -> None:
    """In every reply style, and marked so that no robot answers it."""
    with play.installation.database.read() as session:
        company = session.get_one(Company, play.company_id)
        company.reply_style = style
        probe = a_probe(play.installation, company)
    assert b"Auto-Submitted: auto-generated\r\n" in probe.source
    assert (probe.to == company.mailbox) is (style == "plain")
    assert b"\n" not in probe.source.replace(b"\r\n", b"")
