"""How the printed documents of a supplier are laid out, and what was learnt of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OWN = """
(select nullif(current_setting('postroom.company', true), '')) is null
or company_id = (select nullif(current_setting('postroom.company', true), '')::bigint)
"""
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Run before the code that needs it."""
    op.create_table(
        "layout",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("seen", store.types.Json(), nullable=False),
        sa.Column("learnt", store.types.Json(), nullable=True),
        sa.Column("created_at", store.types.Moment(), nullable=False),
        sa.Column("learnt_at", store.types.Moment(), nullable=True),
        sa.Column("company_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.id"],
            name=op.f("fk_layout_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("fk_layout_company_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_layout_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout")),
        sa.UniqueConstraint("company_id", "document_id", name=op.f("uq_layout_company_id_document_id")),
    )
    with op.batch_alter_table("layout", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_layout_company_id_supplier_id_id"), ["company_id", "supplier_id", "id"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        op.execute('alter table "layout" enable row level security, force row level security')
        op.execute(f'create policy own_company on "layout" using ({OWN})')


def downgrade() -> None:
    """Undo it."""
    op.drop_table("layout")
