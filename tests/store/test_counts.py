"""The numbers by state, and how they show at /metrics."""

from __future__ import annotations

import os
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import insert

from store import clock
from store.counts import counts, waiting_since
from store.database import Database
from store.documents import Document
from store.mails import Mail
from store.metrics import Rows
from store.parties import Company


def fill(database: Database, company: Company) -> None:
    """Mails in each state, and two documents."""
    now = clock.now()
    with database.write() as session:
        for status in ("kept", "acted", "acted", "failed", "quarantined"):
            values = {"way": "smtp", "sender": "", "size": 1, "received_at": now, "tries": 0}
            due = now - timedelta(minutes=2)
            session.execute(insert(Mail).values(digest=os.urandom(32), status=status, due=due, **values))
        for kind, status in (("order", "sent"), ("invoice", "draft")):
            session.add(
                Document(company_id=company.id, kind=kind, status=status, version=1, links_from=1, title="",
                         created_at=now, updated_at=now)
            )  # fmt: skip


def test_counts_are_by_state(database: Database, company: Company) -> None:
    """All mails ever kept are counted, and the present state of mails, notices and documents."""
    fill(database, company)
    assert counts(database) == {
        "mails": {"kept": 5, "acted": 2, "failed": 1, "quarantined": 1},
        "notices": {"queued": 0, "sent": 0, "failed": 0},
        "documents": {"invoice": {"draft": 1}, "order": {"sent": 1}},
    }


def test_oldest_waiting_row_is_known(database: Database, company: Company) -> None:
    """Since when something waits is known for each queue."""
    assert waiting_since(database) == {"route": None, "deliver": None, "fire": None}
    fill(database, company)
    since = waiting_since(database)["route"]
    assert since is not None
    assert clock.now() - since >= timedelta(minutes=2)


def test_metrics_show_the_rows(database: Database, company: Company) -> None:
    """A Prometheus server reads the same numbers."""
    fill(database, company)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Rows(database))
    page = generate_latest(registry).decode()
    assert "postroom_mails_kept 5.0" in page
    assert 'postroom_mails{status="quarantined"} 1.0' in page
    assert 'postroom_documents{kind="order",status="sent"} 1.0' in page
    late = next(line for line in page.splitlines() if line.startswith('postroom_late_seconds{queue="route"}'))
    assert float(late.split()[-1]) >= 120


def test_metrics_say_that_the_database_is_away(database: Database) -> None:
    """With the database away the page still comes, and says so."""
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Rows(gone))
    assert "postroom_database_up 0.0" in generate_latest(registry).decode()
