"""`python -m benchmarks [PART …]`: measure, keep docs/performance.json, write docs/performance.md and its pictures.

    python -m benchmarks                          everything, then the page (what `make bench` does)
    python -m benchmarks tasks --tasks T1,T4      only two of the six tasks
    python -m benchmarks tasks --only bf16        netgain and the configurations with bf16 in their name
    python -m benchmarks first --again            how long netgain study is silent, and what its imports take
    python -m benchmarks page                     the page from earlier measurements

Finished measurements are kept: a run continues where an earlier one stopped, and `--again` repeats them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import page, pictures
from benchmarks.comparing import measure_alone, measure_tasks
from benchmarks.first import measure_first
from benchmarks.generator import measure_generator
from benchmarks.growth import measure_growth
from benchmarks.limit import measure_limit
from benchmarks.measuring import PEERS_PYTHON
from benchmarks.results import DOCS, RESULTS, Results
from benchmarks.session import Session, say
from benchmarks.startup import measure_startup
from benchmarks.study import measure_study
from benchmarks.tasks import NUM_IMAGES, TASKS
from benchmarks.to_accuracy import measure_accuracy
from netgain.engine.kernels import kernels_to_use
from netgain.engine.machine import describe_machine, describe_versions

PARTS: dict[str, Callable[[Session], None]] = {
    "limit": measure_limit,
    "startup": measure_startup,
    "first": measure_first,
    "tasks": measure_tasks,
    "alone": measure_alone,
    "generator": measure_generator,
    "study": measure_study,
    "accuracy": measure_accuracy,
    "growth": measure_growth,
}
WITH_PEERS = {"tasks", "alone", "generator", "study"}


def main(arguments: list[str]) -> int:
    """Measure what was asked for; the page is written last."""
    options = _options(arguments)
    parts = options.parts or [*PARTS, "page"]
    if options.images < NUM_IMAGES and options.results == RESULTS:
        return _refused(f"--images is for a trial; name another file than {RESULTS} with --results")
    if WITH_PEERS & set(parts) and not PEERS_PYTHON.exists():
        return _refused(f"the peers' environment is missing ({PEERS_PYTHON}): make it with `make .venv-peers/stamp`")
    results = Results(options.results)
    session = Session(
        results, options.rounds, options.again, options.only, tuple(options.tasks.split(",")), options.images,
        time.strftime("%Y-%m-%d %H:%M:%S"),
    )  # fmt: skip
    for name, measure in PARTS.items():
        if name in parts:
            results.note("machine", describe_machine(kernels_to_use()))
            results.note("versions", describe_versions())
            say(f"measuring: {name}")
            measure(session)
    if "page" in parts:
        folder = DOCS if options.results == RESULTS else options.results.parent
        pictures.write(results, folder / "pictures")
        page.write(results, folder / "performance.md")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "page"], metavar="PART", help=", ".join([*PARTS, "page"]))
    parser.add_argument("--rounds", type=int, default=3, help="repeats of everything (default 3)")
    parser.add_argument("--again", action="store_true", help="repeat what was measured already")
    parser.add_argument("--only", default="", metavar="TEXT", help="configurations with this in their name")
    parser.add_argument("--tasks", default=",".join(TASKS), metavar="T1,…", help="which tasks (default all)")
    parser.add_argument("--images", type=int, default=NUM_IMAGES, help="a trial with fewer training images")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where measurements are kept")
    options = parser.parse_args(arguments)
    if unknown := set(options.tasks.split(",")) - set(TASKS):
        parser.error(f"--tasks knows {', '.join(TASKS)}; received {', '.join(sorted(unknown))}")
    return options


def _refused(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
