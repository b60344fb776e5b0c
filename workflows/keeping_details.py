"""Keeps what a company says of itself or of a supplier: register, address, ids, and what a partner wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from store.conflicts import retried
from store.installation import Installation
from store.parties import Company, Supplier
from workflows.errors import DataMissing
from workflows.intake import find_supplier
from workflows.sides import DETAILS, WANTS, details

NOTHING = "nothing"
"""What ends all wishes."""


@retried
def keep_company(
    installation: Installation, company_id: int, said: Mapping[str, str | None], wants: Sequence[str] | None = None
) -> dict[str, Any]:
    """Keep details of the company, beside those that are there; returns all of them. May raise `DataMissing`."""
    new = _new(said, wants)
    with installation.database.write(company_id) as session:
        row = select(Company.settings).where(Company.id == company_id).with_for_update()
        kept: dict[str, Any] = {**session.execute(row).scalar_one(), **new}
        session.execute(update(Company).where(Company.id == company_id).values(settings=kept))
    return _of_a_side(kept)


@retried
def keep_supplier(
    installation: Installation,
    company_id: int,
    named: str,
    said: Mapping[str, str | None],
    wants: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Keep details of a supplier, named by number, name or address; returns all of them. May raise `NotFound`.

    The account is not among them: it changes only as a bank change does.
    """
    new = _new(said, wants)
    with installation.database.write(company_id) as session:
        supplier_id = find_supplier(session, company_id, named)
        row = select(Supplier.profile).where(Supplier.id == supplier_id).with_for_update()
        kept: dict[str, Any] = {**session.execute(row).scalar_one(), **new}
        session.execute(update(Supplier).where(Supplier.id == supplier_id).values(profile=kept))
    return _of_a_side(kept)


def _new(said: Mapping[str, str | None], wants: Sequence[str] | None) -> dict[str, Any]:
    new: dict[str, Any] = dict(details(said))
    if wants:  # a command line without the option gives an empty list
        for name in wants:
            if name not in (*WANTS, NOTHING):
                raise DataMissing("Nobody can want %(name)s; there are %(known)s.", name=name, known=", ".join(WANTS))
        new["wants"] = [name for name in WANTS if name in wants]
    return new


def _of_a_side(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in (*DETAILS, "wants") if kept.get(name)}
