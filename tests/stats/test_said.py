"""Statistics are shown by what they say."""

from html import escape

import numpy as np

from netgain.stats import confusion, image_errors, judge

ANSWERS = np.random.default_rng(0).integers(0, 3, (5, 400))
LABELS = np.arange(400) % 3


def test_statistics_with_large_arrays_have_a_short_repr() -> None:
    errors = image_errors(ANSWERS == LABELS)
    assert repr(errors) == f"<ImageErrors: {errors}>"
    assert len(repr(confusion(ANSWERS, LABELS, 3))) < 200


def test_a_repr_says_how_many_lines_follow() -> None:
    found = confusion(ANSWERS, LABELS, 3)
    lines = str(found).splitlines()
    assert repr(found) == f"<Confusion: {lines[0]} (and {len(lines) - 1} more lines)>"
    assert all(escape(line) in found._repr_html_() for line in lines)


def test_a_verdict_shows_its_outcome_and_its_numbers() -> None:
    verdict = judge(ANSWERS == LABELS, {"<arm>": ANSWERS[:, ::-1] == LABELS})["<arm>"]
    assert str(verdict).startswith(f"<arm>: {verdict.outcome}, {verdict.difference}, p ")
    assert repr(verdict) == f"<Verdict: {verdict}>"
    assert f">{verdict.outcome.value}</span>" in verdict._repr_html_()
    assert "<arm>" not in verdict._repr_html_()
