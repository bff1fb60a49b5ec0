"""A process that draws charts as SVG while this one goes on: `python -m netgain.report.drawing`.

Vega starts in half a second and draws a chart in up to 0.2 s, and all that while it keeps Python's lock: in a
thread it would delay the next chart. Charts come in as lines of JSON on standard input and
drawings go out as lines of JSON on standard output. Standard input closes when the parent dies, however it dies.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from typing import Any

from netgain.errors import OutputError


class DrawingProcess:
    """Draws one chart after the other; the process starts with the first, or when it is told to, and again if it died.

    >>> process = DrawingProcess()
    >>> process.svg({"mark": "point", "data": {"values": [{}]}})[:4]
    '<svg'
    >>> process.close()
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process, where it does not run already: what it needs first it does while others get ready."""
        with self._lock:
            self._running()

    def svg(self, specification: dict[str, Any]) -> str:
        """The drawing of a Vega-Lite specification.

        Raises:
            ValueError: where Vega refuses the specification.
            OutputError: where the process dies over it.
        """
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(json.dumps(specification) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            except BrokenPipeError:
                answer = ""
            if not answer:
                code = process.wait()
                self._end()
                raise OutputError(f"the process that draws the charts died (exit code {code}); try again")
        found = json.loads(answer)
        if "error" in found:
            raise ValueError(found["error"])
        return found["svg"]

    def close(self) -> None:
        """End the process, where there is one."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # -P: no file of the folder that the user is in gets between. A session of its own: Ctrl-C is the
            # parent's to handle.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "netgain.report.drawing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.kill()  # it has nothing to lose, and V8 takes its time to leave
            self._process.communicate()
            self._process = None


DRAWING = DrawingProcess()
"""The one that all reports of this process share."""

atexit.register(DRAWING.close)


def main() -> None:
    """Answer specifications with {"svg": …} or {"error": …} until standard input ends."""
    import vl_convert

    vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": [{}]}})  # V8 and Vega start
    for line in sys.stdin:
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(json.loads(line))}
        except ValueError as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
