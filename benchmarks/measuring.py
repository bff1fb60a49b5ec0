"""Runs programs to measure them: fresh processes, at the same time where there are two, no longer than allowed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers.shared import READY

MOST_SECONDS = 300
"""A process that takes longer is left out and said to be."""

LEFT_OUT = "left out"

ROOT = Path(__file__).parents[1]
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"

DISTURBING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Set on some machines for old OpenBLAS builds, and slow for new ones: no measured process sees them."""


class NotMeasuredError(Exception):
    """A process took too long or failed; the message is what the page says."""


class Program(NamedTuple):
    """A program to measure: its command, its job, what its environment has besides ours, its cores (None: all)."""

    command: Sequence[str]
    job: dict[str, Any]
    environment: dict[str, str]
    cores: set[int] | None = None


def own_command() -> list[str]:
    """One process of netgain."""
    return [sys.executable, "-m", "benchmarks.own"]


def own_generator_command() -> list[str]:
    """One process of netgain that trains a generator."""
    return [sys.executable, "-m", "benchmarks.own_generator"]


def peer_command(script: str) -> list[str]:
    """A peer's script in the peers' environment."""
    return [str(PEERS_PYTHON), str(ROOT / "benchmarks" / "peers" / f"{script}.py")]


def one_core_each(number: int) -> list[set[int]]:
    """A core for each of so many processes, in turn where there are fewer cores."""
    cores = sorted(os.sched_getaffinity(0))
    return [{cores[index % len(cores)]} for index in range(number)]


def run_together(programs: Sequence[Program], most_seconds: float = MOST_SECONDS) -> list[dict[str, Any]]:
    """The answers of programs that run at the same time, each in a process group of its own.

    Programs whose job says `wait` are let go together when all of them are ready.

    Raises:
        NotMeasuredError: where one of them fails, or takes longer than `most_seconds`; none is left running.
    """
    with tempfile.TemporaryFile("w+") as complaints:
        running = [_start(program, complaints) for program in programs]
        late = threading.Event()
        alarm = threading.Timer(most_seconds, lambda: (late.set(), _kill(running)))
        alarm.start()
        try:
            return _answers(running, any(program.job.get("wait") for program in programs))
        except (OSError, IndexError, json.JSONDecodeError) as error:
            if late.is_set():
                raise NotMeasuredError(f"{LEFT_OUT}, over {most_seconds:g} s") from error
            _end(running)
            complaints.seek(0)
            lines = complaints.read().strip().splitlines() or ["no message"]
            raise NotMeasuredError(f"failed: {lines[-1][:160]}") from error
        finally:
            alarm.cancel()
            _end(running)


def overlapping_epochs(answers: Iterable[dict[str, Any]]) -> list[list[float]]:
    """Seconds of each program's epochs, as far as they began and ended while all programs were training.

    The first epoch, which compiles and fills caches, is left out. A program of which no epoch lies within keeps
    its first after the start.

    >>> overlapping_epochs([{"epochs": [(0, 5), (5, 6), (6, 7)]}, {"epochs": [(0, 4), (5, 8), (8, 9)]}])
    [[1, 1], [3]]
    """
    timed = [answer["epochs"][1:] for answer in answers]
    last = min(epochs[-1][1] for epochs in timed)
    within = [[epoch for epoch in epochs if epoch[1] <= last] or epochs[:1] for epochs in timed]
    return [[end - begin for begin, end in epochs] for epochs in within]


def per_network(answers: Sequence[dict[str, Any]]) -> float:
    """Seconds an epoch of one network: the median epoch, shared among the networks that trained at once."""
    return statistics.fmean(statistics.median(epochs) for epochs in overlapping_epochs(answers)) / len(answers)


def timed_command(
    command: Sequence[str], environment: dict[str, str] | None = None, most_seconds: float = MOST_SECONDS
) -> tuple[float, str]:
    """Wall seconds of a command from its start to its end, and what it printed.

    Raises:
        NotMeasuredError: as for :func:`run_together`.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as complaints:
        process = _start(Program(command, {}, environment or {}), complaints)
        try:
            printed, _ = process.communicate(timeout=most_seconds)
        except subprocess.TimeoutExpired as error:
            raise NotMeasuredError(f"{LEFT_OUT}, over {most_seconds:g} s") from error
        finally:
            _end([process])
        if process.returncode:
            complaints.seek(0)
            raise NotMeasuredError(f"failed: {(complaints.read().strip().splitlines() or ['no message'])[-1][:160]}")
    return time.perf_counter() - started, printed


def _start(program: Program, complaints: Any) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in DISTURBING}
    cores = program.cores or os.sched_getaffinity(0)
    process = subprocess.Popen(
        program.command, env=inherited | program.environment, cwd=ROOT, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
    )  # fmt: skip
    os.sched_setaffinity(process.pid, cores)  # long before the program counts its cores
    if program.job:
        assert process.stdin is not None
        process.stdin.write(json.dumps(program.job) + "\n")
        process.stdin.flush()
    return process


def _answers(running: list[subprocess.Popen[str]], wait: bool) -> list[dict[str, Any]]:
    if wait:
        for process in running:
            assert process.stdout is not None
            while (line := process.stdout.readline()).strip() != READY:
                if not line:
                    raise OSError("a process ended before it was ready")
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
    printed = [process.communicate()[0] for process in running]
    return [json.loads(text.strip().splitlines()[-1]) for text in printed]


def _end(running: list[subprocess.Popen[str]]) -> None:
    """End the process groups that are still there, wait for them, and close what is open to them."""
    _kill(running)
    for process in running:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # nobody reads any more what was on its way
                assert pipe is not None
                pipe.close()


def _kill(running: list[subprocess.Popen[str]]) -> None:
    for process in running:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended between the two lines
                os.killpg(process.pid, signal.SIGKILL)
