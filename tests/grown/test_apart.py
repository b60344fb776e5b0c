"""A process that takes mail, one that shows pages and two that work play the whole story together."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from rich.console import Console

from postroom.demo.play import play_scenes
from postroom.demo.stage import DOMAIN, RELAY, free_port, set_stage
from postroom.mailbox.mailboxes import Mailboxes
from postroom.mailbox.relay import Relay
from postroom.settings import Settings, installation_of
from store.installation import Installation
from store.queue import nudges, open_broker
from tests.postroom.served import SECRET, Served
from tests.services import RABBITMQ, REDIS, own_queue

BROKERS = {"redis": REDIS, "rabbitmq": RABBITMQ}


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings of a broker, with a queue of the test's own."""
    url = BROKERS[request.param]
    if not url:
        pytest.skip(f"runs where POSTROOM_TEST_{request.param.upper()}_URL names a broker")
    with own_queue(url) as name:
        yield {"POSTROOM_BROKER_URL": url, "POSTROOM_BROKER_QUEUE": name}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_story_is_played_by_processes_apart(tmp_path: Path, postgresql_url: str, broker: dict[str, str]) -> None:
    """Every scene ends as told; on SIGTERM each of the four ends with 0, and nothing went wrong on the way."""
    told = io.StringIO()
    http = free_port()
    with ExitStack() as stack:
        relay = stack.enter_context(Relay(Mailboxes(), name=RELAY))
        settings = {
            "POSTROOM_DATABASE_URL": postgresql_url, "POSTROOM_RELAY_URL": relay.url, "POSTROOM_MAIL_DOMAIN": DOMAIN,
            "POSTROOM_TRUSTED_RELAYS": RELAY, "POSTROOM_BASE_URL": f"http://127.0.0.1:{http}",
            "POSTROOM_HTTP_LISTEN": f"127.0.0.1:{http}", "POSTROOM_ANSWER_WAIT": "1", "POSTROOM_SWEEP_EVERY": "1",
            **broker,
        }  # fmt: skip
        (tmp_path / "var").mkdir()
        roles = {name: Served(tmp_path, settings, name.split()[0]) for name in ("smtp", "web", "worker", "worker 2")}
        for served in roles.values():
            stack.callback(served.kill)
            served.launch()
        for served in roles.values():
            served.wait_ready()
        relay.hand_on = ("127.0.0.1", roles["smtp"].smtp)
        installation = beside(tmp_path, settings)
        stack.callback(installation.database.close)
        told_through = open_broker(broker["POSTROOM_BROKER_URL"], broker["POSTROOM_BROKER_QUEUE"])
        stack.callback(told_through.close)
        installation.database.nudge = nudges(told_through)
        failed = play_scenes(set_stage(installation, relay), Console(file=told, width=100))
        assert failed == 0, f"{told.getvalue()[-3000:]}\n{roles['smtp'].log[-3000:]}"
        assert {name: served.stop() for name, served in roles.items()} == dict.fromkeys(roles, 0)
        assert "Traceback" not in roles["smtp"].log
        assert "error" not in roles["smtp"].log


def beside(folder: Path, settings: dict[str, str]) -> Installation:
    """The installation that the processes serve, for the buyer's commands."""
    return installation_of(
        Settings(
            data=folder / "var",
            secret=SECRET,
            database_url=settings["POSTROOM_DATABASE_URL"],
            base_url=settings["POSTROOM_BASE_URL"],
            mail_domain=settings["POSTROOM_MAIL_DOMAIN"],
            trusted_relays=(RELAY,),
            answer_wait=0,
        )
    )
