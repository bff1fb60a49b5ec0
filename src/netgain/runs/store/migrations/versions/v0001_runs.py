"""The first schema: runs, their arrays and their trained networks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recipe_digest", sa.String(64), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("dataset_digest", sa.String(64), nullable=False),
        sa.Column("engine_version", sa.String(16), nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        sa.Column("history", sa.JSON, nullable=False),
        sa.Column("best_epoch", sa.Integer, nullable=False),
        sa.Column("num_parameters", sa.Integer, nullable=False),
        sa.Column("compile_seconds", sa.Float, nullable=False),
        sa.Column("run_seconds", sa.Float, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("machine", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("recipe_digest", "seed", "dataset_digest", "engine_version", name="one_row_a_run"),
    )
    op.create_table(
        "arrays",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("dtype", sa.String(16), nullable=False),
        sa.Column("shape", sa.JSON, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "models",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("keras_file", sa.LargeBinary, nullable=False),
    )
