"""The tables. A change here needs a migration in `migrations/versions`, which a test holds equal to this file."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recipe_digest", String(64), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("dataset_digest", String(64), nullable=False),
    Column("engine_version", String(16), nullable=False),
    Column("recipe", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("failure", Text, nullable=False),
    Column("history", JSON, nullable=False),
    Column("best_epoch", Integer, nullable=False),
    Column("num_parameters", Integer, nullable=False),
    Column("compile_seconds", Float, nullable=False),
    Column("run_seconds", Float, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("machine", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("recipe_digest", "seed", "dataset_digest", "engine_version", name="one_row_a_run"),
)

arrays = Table(
    "arrays",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("dtype", String(16), nullable=False),
    Column("shape", JSON, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("measured", Boolean, nullable=False, server_default=false()),
)

models = Table(
    "models",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("keras_file", LargeBinary, nullable=False),
)
