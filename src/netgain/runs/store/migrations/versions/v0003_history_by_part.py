"""The history by part and measurement; "right" in place of "test_right"; arrays that were measured later are marked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OF_THE_RUN = ("test_scores", "test_right", "train_right", "train_log_odds", "validation_scores")
PARTS = {"val_": "validation", "test_": "test"}

runs = sa.table("runs", sa.column("id", sa.Integer), sa.column("history", sa.JSON))
arrays = sa.table("arrays", sa.column("name", sa.String), sa.column("measured", sa.Boolean))


def upgrade() -> None:
    """Rewrite what the runs hold; their numbers stay as they are."""
    op.add_column("arrays", sa.Column("measured", sa.Boolean, nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    connection.execute(sa.update(arrays).where(arrays.c.name.not_in(OF_THE_RUN)).values(measured=True))
    connection.execute(sa.update(arrays).where(arrays.c.name == "test_right").values(name="right"))
    for run_id in connection.execute(sa.select(runs.c.id)).scalars().all():
        history = connection.execute(sa.select(runs.c.history).where(runs.c.id == run_id)).scalar_one()
        connection.execute(sa.update(runs).where(runs.c.id == run_id).values(history=_by_part(history)))


def _by_part(history: dict[str, list[float | None]]) -> dict[str, dict[str, list[float | None]]]:
    """`{"loss": …, "val_loss": …}` as `{"train": {"loss": …}, "validation": {"loss": …}}`."""
    parts: dict[str, dict[str, list[float | None]]] = {}
    for column, values in history.items():
        prefix = next((prefix for prefix in PARTS if column.startswith(prefix)), "")
        parts.setdefault(PARTS.get(prefix, "train"), {})[column.removeprefix(prefix)] = values
    return parts
