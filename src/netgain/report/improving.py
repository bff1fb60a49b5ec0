"""What came out of `improve`: as text, as plain values, and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from netgain.errors import OutputError
from netgain.files import write_atomically
from netgain.markup import badge, box, paragraph, table
from netgain.report.numbers import accuracy_cell, effect_cell
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.sentences import seconds_in_words
from netgain.results.improve.outcome import START, Improvement
from netgain.results.improve.proof import Attempt
from netgain.results.improve.race import Entry
from netgain.stats import Difference, Outcome
from netgain.stats.rounding import signed
from netgain.stats.verdict import MIN_SEEDS
from netgain.stats.words import in_points, p_in_words

MOST_LISTED = 12
"""Rejected moves in the text; the page and the JSON have all."""

WIDTH, ROW = 170, 18
"""Of the picture of the rejected moves, in pixels."""


def headline(result: Improvement) -> str:
    """The answer in one sentence."""
    if not result.steps:
        return "No step was proven, so the start comes back."
    steps = " + ".join(attempt.move for attempt in result.steps)
    return f"Better than the start by {'one proven step' if len(result.steps) == 1 else 'proven steps'}: {steps}."


def text(result: Improvement) -> str:
    """All of it for a terminal."""
    return "\n".join(_lines(result))


def _lines(result: Improvement) -> Iterator[str]:
    yield headline(result)
    yield from _facts(result)
    if result.climb.attempts:
        yield "\nProofs, on images that selected nothing:"
        yield from (f"  {attempt.number}. {_attempt_in_words(attempt)}" for attempt in result.climb.attempts)
    if result.rejected:
        yield "\nTried and not taken, on the images to select by (percentage points, 95 % interval):"
        yield from (f"  {_entry_in_words(entry)}" for entry in result.rejected[:MOST_LISTED])
        if len(result.rejected) > MOST_LISTED:
            yield f"  and {len(result.rejected) - MOST_LISTED} more"
    if result.untried:
        yield f"\nNot tried: {'; '.join(f'{move} ({reason})' for move, reason in result.untried.items())}"
    yield f"\n{next_step(result)}"


def _facts(result: Improvement) -> Iterator[str]:
    if result.chosen_start:
        yield f"Start: {result.chosen_start}."
    sizes = ", ".join(f"{number:,} to {name}" for name, number in result.sizes.items())
    yield f"Training images: {sizes}. Test images: {result.data.num_test:,}, opened once, at the end."
    for name, accuracy in result.accuracies.items():
        yield f"{name} on all training images: test accuracy {accuracy_cell(accuracy)} % ({accuracy.num_seeds} seeds)."
    if result.verdict:
        yield result.verdict.sentence(START, f"{result.data.num_test:,} test images")
    elif result.steps and not result.on_all_images:
        yield "It was stopped before the last training, so the test images were not opened."
    spent = f"{seconds_in_words(result.seconds)} of {result.minutes:g} minutes"
    yield f"Time: {spent}. Why it ended: {result.climb.ended}."


def _attempt_in_words(attempt: Attempt) -> str:
    taken = "taken" if attempt.is_accepted else "not taken"
    if attempt.verdict is None:
        return f"{attempt.move} against {attempt.present.name}: {taken}, {attempt.failure}; level {attempt.level:.2g}"
    found = attempt.verdict.difference
    level = f"{p_in_words(found.p_value / 2)} one-sided at level {attempt.level:.2g}"
    cost = f"{found.num_seeds[1]} seeds each, {seconds_in_words(attempt.seconds)}"
    return f"{attempt.move} against {attempt.present.name}: {taken}, {found}, {level}, {cost}"


def _entry_in_words(entry: Entry) -> str:
    assert entry.difference is not None
    effect = signed(100 * entry.difference.effect)
    cost = seconds_in_words(entry.seconds)
    return (
        f"{entry.candidate.last}: {effect} ({in_points(entry.difference.interval())}), {entry.fate}, {cost} per network"
    )


def next_step(result: Improvement) -> str:
    """What to try with more time, or what it would take."""
    late = [move for move, reason in result.untried.items() if reason.startswith("no time")]
    if late:
        first = ", ".join(late[:5])
        return f"With more time: {len(late)} moves were not reached, first {first}. The same command goes on from here."
    open_ones = [attempt for attempt in result.climb.attempts if _is_open(attempt)]
    if open_ones:
        best = max(open_ones, key=lambda attempt: _difference(attempt).effect)
        assert best.verdict is not None
        needed = best.verdict.images_needed or best.verdict.seeds_needed or MIN_SEEDS
        what = "images to confirm by" if best.verdict.images_needed else "seeds each"
        return f"To decide {best.move}, about {needed:,} {what} would be needed."
    return "Nothing that was tried and not taken looks like a gain; another start may."


def _is_open(attempt: Attempt) -> bool:
    verdict = attempt.verdict
    undecided = {Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE}
    return verdict is not None and verdict.outcome in undecided and verdict.difference.effect > 0


def _difference(attempt: Attempt) -> Difference:
    assert attempt.verdict is not None
    return attempt.verdict.difference


def as_dict(result: Improvement) -> dict[str, Any]:
    """All of it as plain values: effects and accuracies as fractions."""
    return {
        "headline": headline(result),
        "recipe": result.recipe.record(),
        "start": result.start.record(),
        "steps": [attempt.move for attempt in result.steps],
        "attempts": [_attempt_as_dict(attempt) for attempt in result.climb.attempts],
        "rejected": [_entry_as_dict(entry) for entry in result.rejected],
        "not_tried": result.untried,
        "images": {**result.sizes, "test": result.data.num_test},
        "test": {name: _accuracy_as_dict(accuracy) for name, accuracy in result.accuracies.items()},
        "verdict": result.verdict and {"outcome": result.verdict.outcome.value, **_plain(result.verdict.difference)},
        "minutes": result.minutes,
        "seconds": result.seconds,
        "alpha": result.alpha,
        "ended": result.climb.ended,
        "next": next_step(result),
    }


def _accuracy_as_dict(accuracy: Any) -> dict[str, Any]:
    return {
        "accuracy": accuracy.value, "test_sample": accuracy.test_sample, "training": accuracy.training,
        "seeds": accuracy.num_seeds,
    }  # fmt: skip


def _attempt_as_dict(attempt: Attempt) -> dict[str, Any]:
    known = {
        "number": attempt.number, "move": attempt.move, "against": attempt.present.name, "level": attempt.level,
        "accepted": attempt.is_accepted, "seconds": attempt.seconds,
    }  # fmt: skip
    return {**known, **(_plain(attempt.verdict.difference) if attempt.verdict else {"failure": attempt.failure})}


def _entry_as_dict(entry: Entry) -> dict[str, Any]:
    assert entry.difference is not None
    return {"move": entry.candidate.last, "fate": entry.fate, "seconds": entry.seconds, **_plain(entry.difference)}


def _plain(found: Difference) -> dict[str, Any]:
    return {
        "effect": found.effect, "test_sample": found.test_sample, "training": found.training,
        "low": found.interval().low, "high": found.interval().high, "p_value": found.p_value,
        "seeds": list(found.num_seeds),
    }  # fmt: skip


def html(result: Improvement) -> str:
    """The same for a notebook, and as the body of the page."""
    parts = [paragraph(headline(result), "headline"), *(paragraph(line) for line in _facts(result))]
    if result.climb.attempts:
        head = ["", "move", "against", "change, points", "p, one-sided", "level", "seeds", "time", ""]
        parts += [
            paragraph("The ladder: every attempt to prove a step", "title"),
            table(head, _ladder(result), "words"),
        ]
    if result.rejected:
        head = ["move", "change, points<br><small>95 % interval</small>", "", "per network"]
        parts += [paragraph("Tried and not taken, on the images to select by", "title"), table(head, _forest(result))]
    if result.untried:
        rows = [[escape(move), escape(reason)] for move, reason in result.untried.items()]
        parts += [paragraph("Not tried", "title"), table(["move", "why"], rows, "words")]
    return box(*parts, paragraph(next_step(result), "title"))


def _ladder(result: Improvement) -> Iterator[list[str]]:
    for attempt in result.climb.attempts:
        outcome = attempt.verdict.outcome if attempt.verdict else None
        word = badge(outcome.value, VERDICT_COLOURS[outcome]) if outcome else escape(attempt.failure)
        found = attempt.verdict.difference if attempt.verdict else None
        shown = [effect_cell(found), p_in_words(found.p_value / 2)] if found else ["–", "–"]
        seeds = str(found.num_seeds[1]) if found else "–"
        told = [str(attempt.number), escape(attempt.move), escape(attempt.present.name), *shown]
        yield [*told, f"{attempt.level:.2g}", seeds, seconds_in_words(attempt.seconds), word]


def _forest(result: Improvement) -> Iterator[list[str]]:
    """Rows of the rejected moves, each with its interval drawn on the same axis."""
    spans = [entry.difference.interval() for entry in result.rejected if entry.difference]
    ends = sorted(max(abs(span.low), abs(span.high)) for span in spans)
    reach = 4 * ends[len(ends) // 2] or 1.0  # a move that ruins everything must not hide the others
    for entry in result.rejected:
        found = entry.difference
        assert found is not None
        change = f"{effect_cell(found)}<br><small>{in_points(found.interval())}</small>"
        move = f"{escape(entry.candidate.last)}<br><small>{escape(entry.fate)}</small>"
        yield [move, change, _interval_svg(found, reach), _seconds(entry)]


def _seconds(entry: Entry) -> str:
    return seconds_in_words(entry.seconds)


def _interval_svg(found: Difference, reach: float) -> str:
    def place(value: float) -> float:
        return WIDTH / 2 * (1 + min(1.0, max(-1.0, value / reach)))

    span, middle = found.interval(), ROW / 2
    low, high, point = (f"{place(value):.1f}" for value in (span.low, span.high, found.effect))
    return (
        f'<svg width="{WIDTH}" height="{ROW}" role="img" aria-label="{in_points(span)}">'
        f'<line x1="{WIDTH / 2}" x2="{WIDTH / 2}" y1="0" y2="{ROW}" stroke="currentColor" opacity=".3"/>'
        f'<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" stroke="currentColor" stroke-width="2"/>'
        f'<circle cx="{point}" cy="{middle}" r="4" fill="currentColor"/></svg>'
    )


def write(result: Improvement, path: str | Path) -> None:
    """Write one self-contained HTML page.

    Raises:
        OutputError: where the file cannot be written.
    """
    title = f"netgain improve: {escape(result.data.name)}"
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>\n'
        f'<body style="margin:2rem auto;max-width:1100px;padding:0 1rem"><h1>{title}</h1>{html(result)}</body></html>\n'
    )
    try:
        with write_atomically(Path(path)) as file:
            file.write(page.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error
