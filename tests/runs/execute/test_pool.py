"""Worker processes: one may start before its first task, and none is left behind."""

from __future__ import annotations

import operator
import os
from pathlib import Path

import pytest

from netgain.runs.execute.pool import core_pool


def children() -> set[int]:
    """The processes that this one has started and that still run; Linux tells them."""
    told = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not told.exists():
        pytest.skip("only Linux tells the children of a process")
    return {int(number) for number in told.read_text().split()}


def test_the_first_worker_starts_at_once_and_takes_the_first_task() -> None:
    before = children()
    with core_pool(2) as pool:
        pool.start_first()
        (started,) = children() - before
        # A task gets a function to post with as its last argument; `is_not` takes two arguments and is importable.
        assert pool.submit(operator.is_not, None).result() is True
        assert children() - before == {started}
    assert children() == before


def test_a_worker_that_got_no_task_is_gone_afterwards() -> None:
    before = children()
    with pytest.raises(ZeroDivisionError), core_pool(1) as pool:
        pool.start_first()
        raise ZeroDivisionError
    assert children() == before
    with core_pool(1) as pool:
        pool.start_first()
    assert children() == before
