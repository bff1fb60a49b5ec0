"""The store of finished runs: SQLAlchemy tables, one transaction a run."""

from netgain.runs.store.messages import without_password
from netgain.runs.store.runs import RunKey, Store, StoredRun

__all__ = ["RunKey", "Store", "StoredRun", "without_password"]
