"""What was learnt of the layouts of suppliers' documents: shown to an owner of the company, and forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.conflicts import retried
from store.documents import Document as Row
from store.installation import Installation
from store.layouts import Layout as Kept
from store.parties import Supplier
from workflows.errors import NotFound, NotTheirs
from workflows.house_rules import OWNER
from workflows.intake import act_of
from workflows.layouts import Taught

log = structlog.get_logger()


def learnt_layouts(session: Session, company_id: int, most: int = 500) -> list[dict[str, Any]]:
    """What was learnt, newest first: `id`, `supplier`, `document`, `learnt_at`, and by field the places."""
    rows = session.execute(
        select(Kept.id, Kept.learnt, Kept.learnt_at, Supplier.name, Row.number)
        .join(Supplier, Supplier.id == Kept.supplier_id)
        .join(Row, Row.id == Kept.document_id)
        .where(Kept.company_id == company_id, Kept.learnt_at.is_not(None))
        .order_by(Kept.learnt_at.desc(), Kept.id.desc())
        .limit(most)
    )
    return [_shown(row.id, row.name, row.number, row.learnt_at, row.learnt or {}) for row in rows]


def _shown(layout_id: int, supplier: str, document: str | None, at: datetime, learnt: Taught) -> dict[str, Any]:
    fields = [{"field": field, "at": list(places["at"])} for field, places in learnt.items()]
    return {"id": layout_id, "supplier": supplier, "document": document, "learnt_at": at, "fields": fields}


@retried
def forget(installation: Installation, company_id: int, layout_id: int, *, by: str) -> None:
    """Forget what was learnt from one document; raises `NotFound`, and `NotTheirs` unless *by* owns the company."""
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, "layouts")
        if OWNER not in act.actor.roles:
            raise NotTheirs("Only an owner of %(company)s can forget what was learnt.", company=act.company.name)
        gone = session.execute(
            delete(Kept).where(Kept.company_id == company_id, Kept.id == layout_id).returning(Kept.id),
            execution_options={"synchronize_session": False},
        ).all()
        if not gone:
            raise NotFound("Nothing is learnt under %(number)s.", number=str(layout_id))
    log.info("layout.forgotten", company=company_id, layout=layout_id)
