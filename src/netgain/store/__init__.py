"""The store of finished runs: SQLAlchemy tables, one transaction a run."""

from netgain.store.opening import without_password
from netgain.store.runs import RunKey, Store

__all__ = ["RunKey", "Store", "without_password"]
