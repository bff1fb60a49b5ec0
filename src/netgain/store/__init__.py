"""The store of finished runs: SQLAlchemy tables, one transaction a run."""

from netgain.store.opening import without_password
from netgain.store.runs import RunKey, Store, StoredRun

__all__ = ["RunKey", "Store", "StoredRun", "without_password"]
