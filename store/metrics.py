"""What a Prometheus server reads at /metrics: the state of the rows, asked of the database when it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from store import clock
from store.counts import counts, waiting_since
from store.database import Database

log = structlog.get_logger()


class Rows(Collector):
    """The numbers of `store.counts` as gauges, for a registry of `prometheus_client`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """One reading of the database for one reading of the page; that it is away is a reading, too."""
        try:
            yield from self._rows()
        except SQLAlchemyError as error:
            log.warning("rows_not_counted", error=type(error).__name__)
            yield GaugeMetricFamily("postroom_database_up", "Whether the database answers.", value=0)

    def _rows(self) -> Iterator[Metric]:
        found, waiting = counts(self._database), waiting_since(self._database)
        yield GaugeMetricFamily("postroom_database_up", "Whether the database answers.", value=1)
        yield GaugeMetricFamily("postroom_mails_kept", "Mails ever kept.", value=found["mails"]["kept"])
        mails = GaugeMetricFamily("postroom_mails", "Mails by present state.", labels=["status"])
        for status, number in found["mails"].items():
            if status != "kept":
                mails.add_metric([status], number)
        yield mails
        notices = GaugeMetricFamily("postroom_notices", "Notices by present state.", labels=["status"])
        for status, number in found["notices"].items():
            notices.add_metric([status], number)
        yield notices
        documents = GaugeMetricFamily("postroom_documents", "Documents by state.", labels=["kind", "status"])
        for kind, states in found["documents"].items():
            for status, number in states.items():
                documents.add_metric([kind, status], number)
        yield documents
        late = GaugeMetricFamily(
            "postroom_late_seconds", "How long the oldest due row of a queue has waited.", labels=["queue"]
        )
        now = clock.now()
        for queue, since in waiting.items():
            late.add_metric([queue], max((now - since).total_seconds(), 0) if since else 0)
        yield late


def show_rows(database: Database) -> Callable[[], None]:
    """Show the rows of *database* at /metrics, and return what ends it.

    A process shows one installation: where another one in it is shown already, this one is not.
    """
    rows = Rows(database)
    try:
        REGISTRY.register(rows)
    except ValueError:
        return lambda: None
    return lambda: REGISTRY.unregister(rows)
