"""How long `netgain study` is silent: until its first word, until its first network, and what the imports take."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen, run

from benchmarks.measuring import DISTURBING, NotMeasuredError
from benchmarks.results import Results, numbers
from benchmarks.session import Session, say

GROUP = "netgain"
WORD = "first word of netgain study"
NETWORK = "first network after the first word, compile cache warm"
IMPORTS = {
    "imports of the command": "import netgain.cli.app, netgain.cli.preparing, netgain.studies.dropout",
    "imports of a worker": "from netgain.runs.execute.worker import warm_up; warm_up()",
}
STUDY = ("study", "dropout", "--seeds", "2", "--set", "epochs=2")
MOST_PACKAGES = 8

_LINE = re.compile(r"import time:\s+(?P<own>\d+) \|\s+\d+ \|\s+(?P<package>[^.\s]+)")
_NETWORK = re.compile(r"\[1/\d+\]")


def measure_first(session: Session) -> None:
    """Each in turn, round after round; the table is printed as well."""
    needed = session.prepare("first", GROUP, [WORD, NETWORK, *IMPORTS])
    rounds = max(needed.values(), default=0)
    if rounds:
        _silences()  # the compile cache is warm from now on
    for number in range(1, rounds + 1):
        word, network = _silences()
        session.keep("first", GROUP, WORD, number, {"seconds": word})
        session.keep("first", GROUP, NETWORK, number, {"seconds": network})
        for name, code in IMPORTS.items():
            packages = seconds_by_package(_import_times(code))
            longest = dict(list(packages.items())[:MOST_PACKAGES])
            session.keep("first", GROUP, name, number, {"seconds": sum(packages.values()), "packages": longest})
    say(f"the shortest of all rounds\n{first_rows_as_text(session.results)}")


def first_rows(results: Results) -> list[list[str]]:
    """A row for each silence and for each of the packages that take longest to import; the shortest of the rounds."""
    rows: list[list[str]] = []
    for name in (WORD, NETWORK, *IMPORTS):
        measurements = results.measurements("first", GROUP, name)
        if not measurements:
            continue
        shortest = min(measurements, key=lambda measurement: measurement["seconds"])
        longest = max(numbers(measurements, "seconds"))
        rows.append([name, f"{shortest['seconds']:.2f}", f"{longest:.2f}", str(len(measurements))])
        packages = shortest.get("packages", {})
        rows += [[f"– {package}", f"{seconds:.2f}", "", ""] for package, seconds in packages.items()]
    return rows


def first_rows_as_text(results: Results) -> str:
    """The same for a terminal."""
    return "\n".join(f"{name:58} {shortest:>6} {longest:>6}" for name, shortest, longest, _ in first_rows(results))


def seconds_by_package(told: str) -> dict[str, float]:
    r"""Of what `python -X importtime` tells, the seconds of each package's own modules, the longest first.

    >>> seconds_by_package("import time:  1000 |  3000 |   numpy.lib\nimport time:  2000 |  2000 |     numpy\n")
    {'numpy': 0.003}
    """
    found: Counter[str] = Counter()
    for line in _LINE.finditer(told):
        found[line["package"]] += int(line["own"])
    return {package: microseconds / 1e6 for package, microseconds in found.most_common()}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in DISTURBING}


def _silences() -> tuple[float, float]:
    """Seconds from the start to the first word of a study, and from there to its first network; the store is new."""
    command = [str(Path(sys.executable).with_name("netgain")), *STUDY]
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:
        started, moments = time.perf_counter(), []
        with Popen(command, cwd=folder, env=_environment(), stdout=PIPE, stderr=PIPE, text=True) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if not moments or _NETWORK.search(line):
                    moments.append(time.perf_counter())
                if len(moments) == 2:
                    break
            process.terminate()
            process.communicate()
    if len(moments) < 2:
        raise NotMeasuredError("the study ended before its first network")
    return moments[0] - started, moments[1] - moments[0]


def _import_times(code: str) -> str:
    command = [sys.executable, "-X", "importtime", "-c", code]
    return run(command, env=_environment(), capture_output=True, text=True, check=True).stderr
