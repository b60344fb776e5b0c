"""What webhooks have brought: tokens that are good once, and what waits for the operator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run before the code that needs it."""
    op.create_table(
        "hook_seen",
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_at", store.types.Moment(), nullable=False),
        sa.Column("note", store.types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("way", "name", name=op.f("pk_hook_seen")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("hook_seen")
