"""What a database does when several write at once: it undoes one of them, who then does it again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 5
UNDONE = frozenset(("40001", "40P01", "55P03"))
"""SQLSTATEs of a transaction that was undone for others' sake: serialization failure, deadlock, lock not granted."""


def undone(error: BaseException) -> bool:
    """Whether the database undid a transaction only because of another one, so that it is worth doing again."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in UNDONE


def away(error: BaseException) -> bool:
    """Whether *error* is the database's: away, restarting, full; not what was asked of it."""
    if isinstance(error, (OperationalError, InterfaceError, NoneFree)):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def again(do: Callable[[], T]) -> T:
    """What *do* returns, which is one whole write transaction; done again when others made the database undo it.

    A row that somebody else wrote first (`IntegrityError`) is worth one more try: then it is found, and not written.
    """
    overtaken = False
    for number in range(1, TRIES + 1):
        try:
            return do()
        except IntegrityError:
            if overtaken:
                raise
            overtaken = True
            log.info("write_overtaken")
        except DBAPIError as error:
            if not undone(error) or number == TRIES:
                raise
            log.info("write_undone", number=number, state=getattr(error.orig, "sqlstate", None))
            time.sleep(random.uniform(0, 0.02 * number))  # noqa: S311 - so that the two do not meet again
    raise AssertionError("unreachable")


def retried(write: Callable[P, T]) -> Callable[P, T]:
    """A function whose whole is one write transaction, done `again` when it must be."""

    @wraps(write)
    def repeatedly(*args: P.args, **kwargs: P.kwargs) -> T:
        return again(partial(write, *args, **kwargs))

    return repeatedly
