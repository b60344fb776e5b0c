"""Row-level security: a session of one company sees and writes that company's rows alone, whatever its statement says.

Only on PostgreSQL. A session that named no company is the system's own and sees all. `force` binds the tables' owner,
too, whom Postroom mostly is; a superuser is bound by nothing, so Postroom should not be one.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    *("supplier", "membership", "document", "version", "order_line", "invoice_line", "proposal_line", "mail"),
    *("event", "note", "comment", "attachment", "notice", "link", "timer"),
)
# Unset it is null before a connection first sets it, and empty after the transaction that set it. The subselect is
# evaluated once for a statement, not once for a row.
OWN = """
(select nullif(current_setting('postroom.company', true), '')) is null
or company_id = (select nullif(current_setting('postroom.company', true), '')::bigint)
"""


def upgrade() -> None:
    """Run before the code that needs it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f'alter table "{table}" enable row level security, force row level security')
        op.execute(f'create policy own_company on "{table}" using ({OWN})')


def downgrade() -> None:
    """Undo it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f'drop policy own_company on "{table}"')
        op.execute(f'alter table "{table}" no force row level security, disable row level security')
