"""Charts on a dark background: every colour that a chart may have becomes one that can be seen there."""

import re

import pytest

from netgain.report.palette import ARM_COLOURS, CLASS_COLOURS, INK, SOFT, VERDICT_COLOURS
from netgain.report.scheme import DARK, PAPER, chart_rules, dark_colours


def luminance(colour: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [*ARM_COLOURS, *CLASS_COLOURS, *VERDICT_COLOURS.values(), INK, SOFT])
def test_colours_and_words_can_be_read_on_dark_paper(colour: str) -> None:
    assert (luminance(DARK[colour]) + 0.05) / (luminance(PAPER) + 0.05) >= 4.5


def test_every_colour_of_a_drawing_has_a_rule(make_result) -> None:
    result = make_result()
    for name in ("learning-curves", "effects", "accuracies", "gaps", "costs"):
        used = set(re.findall(r'"(#[0-9A-Fa-f]{3,6})"', result.chart(name).to_json()))
        assert used
        assert used <= set(DARK)


def test_rules_name_each_variable_that_the_dark_scheme_sets() -> None:
    set_there = set(re.findall(r"(--dark-\w+):", dark_colours()))
    assert len(set_there) == len(DARK)
    assert set(re.findall(r"var\((--dark-\w+),", chart_rules())) == set_there
