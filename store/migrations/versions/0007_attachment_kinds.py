"""What a file that belongs to a document was read as; null where it is no document, or came before this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run before the code that needs it."""
    op.add_column("attachment", sa.Column("kind", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("attachment", "kind")
