"""The machine's rate of matrix products: `python -m benchmarks.limit` is one core's worth, measured with NumPy.

The rate of float32 products through NumPy's OpenBLAS on one thread, alone on one core and with every core busy with
the same: the most that a program can hope for, to which the tasks' arithmetic is compared.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from benchmarks.configurations import Configuration
from benchmarks.measuring import NotMeasuredError, Program, one_core_each, run_together
from benchmarks.peers.shared import Clock, read_job
from benchmarks.session import Session

SIZES = (384, 768, 1536)
"""Sides of the square matrices; the fastest counts."""

SECONDS = 3.0
ONE_CORE, ALL_CORES = "one core, the others idle", "all cores at once"


def measure_limit(session: Session) -> None:
    """Operations per second of one core, alone and with all cores busy."""
    one_thread = Configuration("limit", "netgain", threads=1).environment
    for name, cores in ((ONE_CORE, one_core_each(1)), (ALL_CORES, one_core_each(2))):
        for round_number in range(1, 1 + session.prepare("limit", "rate", [name]).get(name, 0)):
            programs = [
                Program([sys.executable, "-m", "benchmarks.limit"], {"wait": True}, one_thread, core) for core in cores
            ]
            try:
                answers = run_together(programs)
            except NotMeasuredError as error:
                session.leave_out("limit", "rate", name, error)
                break
            rates = [answer["rate"] for answer in answers]
            session.keep("limit", "rate", name, round_number, {"rate": statistics.fmean(rates)})


def product_rate(size: int, seconds: float) -> float:
    """Float32 operations per second of `size` × `size` matrix products repeated for so long: the median product's."""
    import numpy as np

    generator = np.random.default_rng(0)
    left, right = generator.random((2, size, size), dtype=np.float32)
    target, took = np.empty_like(left), []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.perf_counter()
        np.matmul(left, right, out=target)
        took.append(time.perf_counter() - start)
    return 2 * size**3 / statistics.median(took)


def main() -> None:
    clock = Clock(read_job()["wait"])
    with clock.epoch():
        product_rate(SIZES[0], 0.5)
    with clock.epoch():
        rate = max(product_rate(size, SECONDS) for size in SIZES)
    print(json.dumps({"rate": rate}))


if __name__ == "__main__":
    main()
