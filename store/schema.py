"""All tables, for whoever needs to know them all: migrations and tests."""

from __future__ import annotations

from sqlalchemy import MetaData

from store import documents, hooks, journal, layouts, mails, parties, triage
from store.base import Base

MODULES = (parties, documents, mails, journal, triage, hooks, layouts)


def metadata() -> MetaData:
    """The metadata that holds every table."""
    return Base.metadata
