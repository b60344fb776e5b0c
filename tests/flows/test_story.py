"""The demo's story is played whole, by each way of writing reply addresses."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from rich.console import Console
from sqlalchemy import select

from postroom.demo.play import play_scenes
from postroom.demo.stage import Stage
from postroom.mailbox.browser import Browser
from store.schema import metadata
from tests.flows.conftest import Play


def _stage(play: Play) -> Stage:
    house = play.house
    return Stage(house.installation, house.relay, play.company_id, play.olga, play.ben, play.ana, play.tom, play.ida)


def _rows(play: Play) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, without the marks that a look at a link may leave."""
    with play.installation.database.read() as session:
        return {
            table.name: sorted(
                (tuple(row) for row in session.execute(select(*(c for c in table.c if c.name != "seen_at")))), key=str
            )
            for table in metadata().sorted_tables
        }


@pytest.mark.parametrize("play", ["domain", "plus", "plain"], indirect=True)
def test_the_story_ends_as_told(play: Play) -> None:
    """Every scene, by reply address, plus address or plain mailbox."""
    told = io.StringIO()
    assert play_scenes(_stage(play), Console(file=told, width=100)) == 0, told.getvalue()[-3000:]


def test_b14_looking_at_every_link_of_every_mail_changes_nothing_but_seen_marks(play: Play) -> None:
    """GET and HEAD on each link that the story mailed decide nothing and use nothing up."""
    assert play_scenes(_stage(play), Console(file=io.StringIO(), width=100)) == 0
    links = {
        link
        for person in (play.olga, play.ben, play.ana, play.tom)
        for mail in person.inbox
        for link in _links(mail.letter.text)
    }
    assert len(links) > 30
    play.settled()
    before = _rows(play)
    browser = Browser()
    for link in links:
        assert browser.get(link).status in (200, 403, 404, 409, 410)
        assert browser.head(link) in (200, 403, 404, 409, 410)
    assert _rows(play) == before


def _links(text: str) -> list[str]:
    return [word for word in text.split() if urlsplit(word).path.startswith("/l/")]
