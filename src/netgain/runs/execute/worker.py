"""The program a worker process runs: `python -m netgain.runs.execute.worker`.

Tasks come in on standard input and answers go out on standard output, as pickles. Standard input closes when
the parent dies, however it dies, and the worker ends with it. The parent's `__main__` is never imported, so a
script or a notebook needs no guard.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from netgain.errors import TrainingError

Post = Callable[[Any], None]
SECONDS_BETWEEN_POSTS = 0.1


def main() -> None:
    """Answer tasks `(function, arguments)` until standard input ends.

    Each answer is a pair: ("post", anything) while the function runs, then ("result", value) or
    ("error", TrainingError).
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a user's layer prints must not end up among answers
    warm_up()
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        except EOFError:
            return
        post = not_too_often(lambda value: _send(answers, ("post", value)), SECONDS_BETWEEN_POSTS)
        _send(answers, _answer(function, arguments, post))


def warm_up() -> None:
    """Import what training needs, one thread only, while the first task is on its way.

    Looking for garbage takes a fifth of the imports' time, and of what is imported nothing ever becomes garbage.
    """
    gc.set_threshold(100_000)
    import_quickly()
    gc.freeze()


def import_quickly() -> None:
    """Import what training needs, one thread only, without what Keras imports wherever it finds it."""
    from netgain.engine.setup import not_imported, prepare_jax, use_one_thread

    use_one_thread()
    with not_imported("sklearn", "pandas", "IPython"):
        prepare_jax()
    import netgain.runs.training  # noqa: F401


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...], post: Post) -> tuple[str, Any]:
    try:
        return "result", function(*arguments, post)
    except Exception as error:  # whatever a user's layer raises is told, not swallowed
        return "error", as_training_error(error)


def as_training_error(error: Exception) -> TrainingError:
    """An error as another process can open it, which may not have the class of a user's own."""
    return error if isinstance(error, TrainingError) else TrainingError(f"{type(error).__name__}: {error}")


def not_too_often(send: Post, seconds: float) -> Post:
    """A function that sends progress, but not more often than this: the first at once, those too early never."""
    last = -math.inf

    def post(value: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= seconds:
            last = now
            send(value)

    return post


def _send(answers: BinaryIO, answer: tuple[str, Any]) -> None:
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
