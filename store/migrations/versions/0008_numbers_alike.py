"""An index for the numbers of a supplier's documents, however their parts are separated."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = "lower(replace(replace(replace(replace(replace(number, ' ', ''), '-', ''), '/', ''), '.', ''), '_', ''))"


def upgrade() -> None:
    """Run before the code that needs it."""
    op.execute(f"CREATE INDEX ix_document_number_alike ON document (company_id, supplier_id, ({NUMBER}))")


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_document_number_alike", "document")
