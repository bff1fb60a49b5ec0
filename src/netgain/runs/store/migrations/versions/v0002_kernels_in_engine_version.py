"""The kernels that decide a run's numbers become a part of its engine version: "3" is "3+avx512" where it used those.

Runs of what is fitted without kernels keep "3". So do failed runs, which recorded no machine: they are trained anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

runs = sa.table(
    "runs",
    sa.column("id", sa.Integer),
    sa.column("engine_version", sa.String),
    sa.column("recipe", sa.JSON),
    sa.column("machine", sa.JSON),
)


def upgrade() -> None:
    """Rewrite the engine version of the runs of engine 3."""
    connection = op.get_bind()
    old = sa.select(runs.c.id, runs.c.recipe, runs.c.machine).where(runs.c.engine_version == "3")
    changed: dict[str, list[int]] = {}
    for run_id, recipe, machine in connection.execute(old):
        kernels = (machine or {}).get("kernels")
        if kernels and recipe["network"]["family"] != "svm":
            changed.setdefault(f"3+{kernels}", []).append(run_id)
    for version, run_ids in changed.items():
        for start in range(0, len(run_ids), 100):  # databases limit the parameters of one statement
            some = runs.c.id.in_(run_ids[start : start + 100])
            connection.execute(sa.update(runs).where(some).values(engine_version=version))
