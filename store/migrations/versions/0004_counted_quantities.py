"""What an invoice line takes of its order line, in the order's unit; what a company holds of one supplier.

Null in both means as before: a line takes its quantity, and the company's own settings hold for the supplier.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run before the code that needs it."""
    op.add_column("invoice_line", sa.Column("counted", store.types.Amount(), nullable=True))
    op.add_column("supplier", sa.Column("settings", store.types.Json(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("supplier", "settings")
    op.drop_column("invoice_line", "counted")
