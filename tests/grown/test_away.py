"""The broker or the database goes away while Postroom runs: nothing is lost, nothing is done by halves."""

from __future__ import annotations

import random
import smtplib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from postroom.demo.stage import DOMAIN, RELAY, Stage, free_port, set_stage
from postroom.mailbox.browser import Browser
from postroom.mailbox.mail import Mail
from postroom.mailbox.mailboxes import Mailboxes
from postroom.mailbox.relay import Relay
from postroom.processes import ROLES, Process
from postroom.settings import Settings, installation_of
from store.counts import counts
from store.journal import Note
from tests.grown.proxy import Proxy
from tests.services import RABBITMQ, REDIS, own_queue
from workflows.intake import invite_supplier

BROKERS = {"redis": (REDIS, 6379), "rabbitmq": (RABBITMQ, 5672)}
NOTE = """From: Ana <ana@anvil.example>\r
To: {to}\r
Subject: Re: invitation\r
Message-ID: <{key}@anvil.example>\r
Date: Tue, 24 Nov 2026 10:00:00 +0000\r
Authentication-Results: {relay}; dmarc=pass header.from=anvil.example\r
\r
Remark {key}: we look into it.\r
"""


@contextmanager
def running(folder: Path, **settings: str | int) -> Iterator[Stage]:
    """Postroom in this process, everything in one, with the people of the demo; it must end well."""
    smtp, http = free_port(), free_port()
    with Relay(Mailboxes(), name=RELAY) as relay:
        made = Settings(
            data=folder,
            smtp_listen=f"127.0.0.1:{smtp}",
            http_listen=f"127.0.0.1:{http}",
            base_url=f"http://127.0.0.1:{http}",
            mail_domain=DOMAIN,
            relay_url=relay.url,
            trusted_relays=(RELAY,),
            answer_wait=0,
            relay_timeout=1,
            sweep_every=1,
            **settings,  # type: ignore[arg-type]
        )
        process = Process(made, installation_of(made), threading.Event())
        process.start(ROLES)
        relay.hand_on = ("127.0.0.1", smtp)
        try:
            yield set_stage(process.installation, relay)
        finally:
            assert process.stop()


def invited(stage: Stage, cause: str = "once") -> Mail:
    """Ana's invitation; another *cause* invites her again."""
    who = {"name": "Anvil", "address": stage.ana.address, "contact": "Ana"}
    invite_supplier(stage.installation, stage.company_id, by=stage.olga.address, cause=cause, **who)
    return stage.ana.wait(notice="invitation")


def hand_in(stage: Stage, to: str, key: str) -> None:
    """Hand a remark of Ana's in over SMTP; raises what the server's answer makes of it."""
    assert stage.relay.hand_on is not None
    with smtplib.SMTP(*stage.relay.hand_on, "peer.example", timeout=20) as smtp:
        smtp.sendmail("ana@anvil.example", [to], NOTE.format(to=to, key=key, relay=RELAY).encode())


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_broker_that_goes_away_holds_up_nothing(tmp_path: Path, kind: str) -> None:
    """Mail is taken, acted on and told while no broker answers, and afterwards by it again; the process ends well."""
    url, port = BROKERS[kind]
    if not url:
        pytest.skip(f"runs where POSTROOM_TEST_{kind.upper()}_URL names a broker")
    with (
        own_queue(url) as queue,
        Proxy(url, port) as proxy,
        running(tmp_path, broker_url=proxy.url, broker_queue=queue) as stage,
    ):
        to = invited(stage).letter.reply_to[0].address
        hand_in(stage, to, "before")
        stage.olga.wait(notice="note", text="Remark before")
        proxy.cut()
        for key in ("meanwhile", "still"):
            hand_in(stage, to, key)
            stage.olga.wait(notice="note", text=f"Remark {key}")
        proxy.mend()
        hand_in(stage, to, "after")
        stage.olga.wait(notice="note", text="Remark after")
        proxy.cut()
        hand_in(stage, to, "last")
        stage.olga.wait(notice="note", text="Remark last")


def test_database_that_goes_away_is_answered_for_now(tmp_path: Path, postgresql_url: str) -> None:
    """New mail gets 451 and pages say that they come back; the peer's next try is taken, and acts once."""
    with Proxy(postgresql_url, 5432) as proxy, running(tmp_path, database_url=proxy.url) as stage:
        mail = invited(stage)
        to = mail.letter.reply_to[0].address
        hand_in(stage, to, "1")
        stage.olga.wait(notice="note", text="Remark 1")
        link = stage.ana.link(mail, "accept")
        proxy.cut()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            hand_in(stage, to, "2")
        assert refused.value.smtp_code == 451
        with pytest.raises(smtplib.SMTPRecipientsRefused) as unknown:
            hand_in(stage, f"perhaps@{DOMAIN}", "3")
        assert unknown.value.recipients[f"perhaps@{DOMAIN}"][0] in (451, 550)
        assert Browser().get(link).status == 503
        proxy.mend()
        assert counts(stage.installation.database)["mails"]["kept"] == 1
        hand_in(stage, to, "2")
        hand_in(stage, to, "2")
        stage.olga.wait(notice="note", text="Remark 2")
        assert Browser().get(link).status == 200
        assert counts(stage.installation.database)["mails"] == {"kept": 2, "acted": 2, "failed": 0, "quarantined": 0}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_database_cut_at_random_moments_loses_and_doubles_nothing(tmp_path: Path, postgresql_url: str) -> None:
    """While mails come in and notices go out it is cut again and again; each mail acts once and is told."""
    chance = random.Random(20261124)
    with Proxy(postgresql_url, 5432) as proxy, running(tmp_path, database_url=proxy.url) as stage:
        # Two documents, for no thread may get so many mails that the fuse against loops stops it.
        threads = [invited(stage, cause).letter.reply_to[0].address for cause in ("first", "second")]
        wanted = [str(n) for n in range(12)]
        fed = threading.Event()

        def feed() -> None:
            for key in wanted:
                for _ in range(400):
                    try:
                        hand_in(stage, threads[int(key) % 2], key)
                    except (OSError, smtplib.SMTPException):
                        threading.Event().wait(0.02)
                    else:
                        break
            fed.set()

        feeder = threading.Thread(target=feed)
        feeder.start()
        while not fed.is_set():
            fed.wait(chance.uniform(0.05, 0.5))
            proxy.cut()
            threading.Event().wait(chance.uniform(0, 0.05))
            proxy.mend()
        feeder.join()
        for key in wanted:
            stage.olga.wait(notice="note", text=f"Remark {key}:", timeout=60)
        with stage.installation.database.read() as session:
            notes = Counter(text.split(":")[0] for text in session.scalars(select(Note.text)))
        assert notes == Counter(f"Remark {key}" for key in wanted)
        found = counts(stage.installation.database)
        assert found["mails"] == {"kept": 12, "acted": 12, "failed": 0, "quarantined": 0}
