"""Timers: a step that the system takes at a moment; a row that is due is fired once, however often it is nudged.

A reminder whose readers are all away is put off until the first of them is back.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import delete, select, update

from store import clock
from store.conflicts import away, retried
from store.installation import Installation
from store.journal import Timer
from store.parties import Company
from store.queue import TIMER_TRIES
from workflows.engine.act import Act
from workflows.engine.document import load, lock_family
from workflows.engine.perform import perform
from workflows.engine.reminding import put_off
from workflows.errors import Refusal
from workflows.people import SYSTEM

log = structlog.get_logger()


def fire(installation: Installation, timer_id: int) -> None:
    """Take the timer's step if it is due; a step that the document no longer allows is dropped."""
    try:
        _fire(installation, timer_id)
    except Exception as error:
        # Whatever went wrong, the timer must be tried again later and must not block the others.
        _put_off(installation, timer_id, error)
        raise


@retried
def _fire(installation: Installation, timer_id: int) -> None:
    with installation.database.write() as session:
        timer = session.execute(
            select(Timer).where(Timer.id == timer_id, Timer.due <= clock.now()).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if timer is None or timer.tries >= TIMER_TRIES:
            return
        lock_family(session, (timer.document_id,))
        document = load(session, timer.document_id)
        step = document.workflow.named(timer.step)
        company = session.get_one(Company, timer.company_id)
        # SQLite gives the number of a row that is gone to the next one: the moment tells the two apart.
        act = Act(installation, session, company, SYSTEM, f"timer:{timer_id}:{timer.due:%Y%m%d%H%M%S%f}")
        if step.reminder and document.status in step.sources and (back := put_off(act, document, step)):
            timer.due = back
            log.info("reminder_put_off", document=document.public_id, step=step.full_name, until=back.isoformat())
            return
        session.execute(delete(Timer).where(Timer.id == timer_id), execution_options={"synchronize_session": False})
        try:
            with session.begin_nested():
                perform(step, document.id, step.data.validate_python({}), act)
        except Refusal as refusal:
            log.info("timer_dropped", document=document.public_id, step=step.full_name, why=type(refusal).__name__)


@retried
def _put_off(installation: Installation, timer_id: int, error: Exception) -> None:
    with installation.database.write() as session:
        session.execute(
            update(Timer)
            .where(Timer.id == timer_id)
            .values(
                tries=Timer.tries + (0 if away(error) else 1),  # the database's fault is not the timer's
                reason=type(error).__name__,
                due=clock.now() + timedelta(minutes=5),
            ),
            execution_options={"synchronize_session": False},
        )
