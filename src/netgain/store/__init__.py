"""The store of finished runs: SQLAlchemy tables, one transaction a run."""

from netgain.store.runs import RunKey, Store

__all__ = ["RunKey", "Store"]
