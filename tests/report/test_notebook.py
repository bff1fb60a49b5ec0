"""What a notebook shows of results: short text, and HTML that needs nothing from outside."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pandas
import pytest

from netgain.api import Analysis, DemonstrationResult, StudyResult
from netgain.experiment.demonstration import Demonstration
from netgain.report.headlines import headline
from netgain.report.scheme import DARK
from netgain.results.findings import Figure, Findings, Statement
from netgain.runs.record import RunStatus
from netgain.stats.rounding import signed

Making = Callable[..., StudyResult]


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


def holds_everything_itself(html: str) -> bool:
    outside = re.findall(r"""(?:src|href)=["'](?!data:|#)[^"']+|url\((?!#|['"]?#)[^)]+\)""", html)
    return not outside and "<script" not in html


def test_a_study_result_shows_badge_headline_table_and_curve(make_result: Making) -> None:
    result = make_result()
    html = result._repr_html_()
    line = headline(result, "wider")
    assert repr(result) == f"<StudyResult 'small': {line}>"
    assert re.search(r'<p class="headline">Better\. wider.*<span class="badge"[^>]*>BETTER</span></p>', html)
    assert "Does a wider layer help?" in html
    assert html.count("<svg") == 2  # for a wide and for a narrow column
    assert html.index("BETTER") < html.index("<table") < html.index("<svg")
    assert holds_everything_itself(html)
    assert len(html) < 100_000


def test_the_numbers_in_the_table_are_those_of_the_frame(make_result: Making) -> None:
    result = make_result(arm=0.72)
    row = result.frame().set_index("arm").loc["wider"]
    words = text_of(result._repr_html_())
    for expected in (
        f"{row['accuracy']:.2f} ± ",
        signed(row["effect"]),
        f"{signed(row['low'])} to {signed(row['high'])}",
    ):
        assert expected in words


def test_several_arms_are_counted_by_their_verdict(make_result: Making) -> None:
    result = make_result()
    study = result.study.with_arms({**result.study.arms, "longer": result.study.baseline.change("epochs", 9)})
    two = dataclasses.replace(result, study=study, runs={**result.runs, "longer": result.runs["baseline"]})
    assert "Of 2 arms: 1 better, 1 " in repr(two)
    assert "Of 2 arms: 1 better, 1 " in text_of(two._repr_html_())


def test_a_study_without_arms_and_one_without_histories_show_what_they_have(make_result: Making) -> None:
    result = make_result()
    alone = dataclasses.replace(
        result,
        study=result.study.with_arms({}),
        runs={"baseline": [dataclasses.replace(run, history={}) for run in result.runs["baseline"]]},
    )
    assert "Accuracy 69.17 %, plausibly 66.07 to 72.10 %." in repr(alone)
    assert "<svg" not in alone._repr_html_()
    assert "verdict</th>" not in alone._repr_html_()


def test_a_result_with_failed_runs_is_shown(make_result: Making) -> None:
    result = make_result(statuses=(RunStatus.FAILED, RunStatus.DIVERGED))
    assert "1 of 5 runs failed" in text_of(result._repr_html_())


@pytest.mark.parametrize("name", ["confusion", "image-errors", "overtraining"])
def test_an_analysis_shows_its_words_its_chart_and_its_table_folded(make_result: Making, name: str) -> None:
    analysis = make_result(arm=0.8).analyse(name)
    html = analysis._repr_html_()
    assert repr(analysis).startswith(f"<Analysis {name!r}: <")
    assert len(repr(analysis)) < 400
    assert str(analysis).splitlines()[0] in text_of(html)
    assert "<svg" in html
    assert "<table" in html[html.index("<summary>Show the data</summary>") :]
    assert "<table" not in html[: html.index("<details>")]
    assert holds_everything_itself(html)


def test_an_analysis_without_a_chart_shows_its_table(make_result: Making) -> None:
    html = make_result(arm=0.8).analyse("ensemble")._repr_html_()
    assert "<svg" not in html
    assert "<table" in html


def test_of_many_lines_the_first_are_shown(make_result: Making) -> None:
    analysis: Analysis = make_result(arm=0.8).analyse("roc")
    shown, _, folded = analysis._repr_html_().partition("<summary>7 more</summary>")
    assert "2 against the rest" in shown
    assert "3 against the rest" in folded


def test_a_demonstration_shows_its_statements_and_figures(make_result: Making) -> None:
    import altair

    def draw(frame: Any) -> Any:
        return altair.Chart(frame).mark_point().encode(x="x:Q")

    figure = Figure(pandas.DataFrame({"x": [1.0, 2.0], "picture": ["", ""]}), draw, "two points")
    findings = Findings(
        (Statement("It is so", True, "2 > 1"), Statement("It is <b>", False, "1 > 2")), {"points": figure}
    )
    asked = Demonstration("d", question="Is it so?", examine=lambda given: findings)
    result = DemonstrationResult(
        demonstration=asked, seeds=(0,), data=None, runs={}, findings=findings, num_trained=0, seconds=0.0
    )
    assert repr(result) == "<DemonstrationResult 'd': 1 of 2 statements holds, 1 figure.>"
    html = result._repr_html_()
    assert "✓ It is so" in " ".join(text_of(html).split())
    assert "✗ It is <b>" in " ".join(text_of(html).split())
    assert 'aria-label="two points"' in html
    assert "<svg" in html
    assert ">picture</th>" not in html
    assert repr(findings) == "<Findings: 1 of 2 statements holds, 1 figure>"
    assert "✗ It is <b>" in " ".join(text_of(findings._repr_html_()).split())
    assert repr(figure) == "<Figure: two points>"
    assert "two points" in figure._repr_html_()


def test_two_charts_of_one_notebook_do_not_share_names(make_result: Making) -> None:
    names = [set(re.findall(r' id="([^"]+)"', make_result(arm=arm)._repr_html_())) for arm in (0.8, 0.9)]
    assert names[0]
    assert not names[0] & names[1]


def test_a_dark_notebook_has_the_colours_of_the_dark_scheme(make_result: Making) -> None:
    html = make_result()._repr_html_()
    dark = re.search(r"data-jp-theme-light=\"false\"[^{]*\{([^}]*)\}", html)
    assert dark is not None
    assert f"--dark-0072b2: {DARK['#0072B2']};" in dark[1]
    assert "--dark-333: currentColor;" in dark[1]
