"""Functions that were compiled are kept for the next seed, and compiled once however many threads ask."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from netgain.engine.compiled import MOST_KEPT, CompiledFunctions


def test_what_was_compiled_is_kept_by_its_key() -> None:
    kept, made = CompiledFunctions(), []

    def compile_now() -> int:
        made.append(len(made))
        return made[-1]

    assert [kept.of(key, compile_now) for key in ("a", "b", "a", ("a", 1), "b")] == [0, 1, 0, 2, 1]
    assert CompiledFunctions().of("a", compile_now) == 3  # nothing is shared but the object


def test_of_too_many_recipes_the_oldest_go() -> None:
    kept = CompiledFunctions()
    for number in range(MOST_KEPT):
        kept.of(number, lambda number=number: f"first {number}")
    assert kept.of(0, lambda: "anew") == "first 0"
    kept.of(MOST_KEPT, lambda: "one more")
    assert kept.of(1, lambda: "anew") == "first 1"
    assert kept.of(0, lambda: "anew") == "anew"


def test_a_second_thread_waits_for_the_same_recipe_and_not_for_another() -> None:
    kept, begun, may_end, made = CompiledFunctions(), threading.Event(), threading.Event(), []

    def slowly() -> str:
        made.append("slow")
        begun.set()
        assert may_end.wait(60)
        return "slow"

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(kept.of, "a", slowly)
        assert begun.wait(60)
        second = threads.submit(kept.of, "a", slowly)
        other = threads.submit(kept.of, "b", lambda: "quick")
        assert other.result(60) == "quick"
        assert not second.done()
        may_end.set()
        assert (first.result(60), second.result(60)) == ("slow", "slow")
    assert made == ["slow"]


def test_what_could_not_be_compiled_is_tried_again() -> None:
    kept = CompiledFunctions()
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 // 0)
    assert kept.of("a", lambda: "compiled") == "compiled"
