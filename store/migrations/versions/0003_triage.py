"""Mails that somebody of the company has to look at, and senders whom they gave to a supplier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("triage", "known_sender")
OWN = """
(select nullif(current_setting('postroom.company', true), '')) is null
or company_id = (select nullif(current_setting('postroom.company', true), '')::bigint)
"""
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Run before the code that needs it."""
    op.create_table(
        "triage",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("mail_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("suggested", store.types.Json(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("created_at", store.types.Moment(), nullable=False),
        sa.Column("decided_at", store.types.Moment(), nullable=True),
        sa.Column("company_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.id"],
            name=op.f("fk_triage_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("fk_triage_company_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_triage_company_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_triage_mail_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_triage_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage")),
        sa.UniqueConstraint("company_id", "mail_id", name=op.f("uq_triage_company_id_mail_id")),
    )
    with op.batch_alter_table("triage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_triage_company_id_state_id"), ["company_id", "state", "id"], unique=False)
    op.create_table(
        "known_sender",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("address", store.types.Words(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("created_at", store.types.Moment(), nullable=False),
        sa.Column("company_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("fk_known_sender_company_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_known_sender_company_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_sender_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_sender")),
        sa.UniqueConstraint("company_id", "address", name=op.f("uq_known_sender_company_id_address")),
    )
    # What waits already is looked at, too: mails that were acted on and found nothing that they could be about, but
    # not those of machines on which nobody ever acts.
    op.execute(
        "insert into triage (mail_id, company_id, state, why, created_at) "
        "select id, company_id, 'open', 'stranger', received_at from mail "
        "where company_id is not null and status = 'acted' "
        "and kind not in ('own', 'bounce', 'delayed', 'feedback', 'receipt', 'reaction', 'out_of_office') "
        "and cast(understanding as text) like '%\"home\"\\:null%' order by id"
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f'alter table "{table}" enable row level security, force row level security')
        op.execute(f'create policy own_company on "{table}" using ({OWN})')


def downgrade() -> None:
    """Undo it."""
    for table in reversed(TABLES):
        op.drop_table(table)
