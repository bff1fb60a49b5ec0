"""The store of finished runs: SQLAlchemy tables, one transaction a run."""

from netgain.runs.store.keys import RunKey
from netgain.runs.store.messages import without_password
from netgain.runs.store.runs import State, Store, StoredRun

__all__ = ["RunKey", "State", "Store", "StoredRun", "without_password"]
