"""The forest plot of all techniques: what it shows of real and of odd results."""

from dataclasses import replace
from typing import Any

import pandas
import pytest

from netgain.report.forest import COLUMNS, forest_chart, forest_table
from netgain.report.palette import ARM_COLOURS, CLASS_COLOURS, VERDICT_COLOURS
from netgain.stats import Outcome


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """The rows that the chart draws."""
    return next(iter(chart.to_dict()["datasets"].values()))


def with_row(table: pandas.DataFrame, **changed: Any) -> pandas.DataFrame:
    """The table and one more row like its first, with these values changed."""
    return pandas.concat([table, table.iloc[:1].assign(**changed)], ignore_index=True)


def test_every_judged_arm_of_every_study_the_largest_gain_first(make_result) -> None:
    worse = make_result(baseline=0.95, arm=0.7)
    table = forest_table([replace(worse, study=worse.study.model_copy(update={"name": "worse"})), make_result()])
    assert list(table.columns) == list(COLUMNS)
    assert list(table["study"]) == ["small", "worse"]
    assert list(table["verdict"]) == ["BETTER", "WORSE"]
    assert all(row["low"] < row["effect"] < row["high"] for row in table.to_dict("records"))
    assert list(table["test_items"]) == [360, 360]


def test_nothing_judged_is_an_empty_table(make_result, small_recipe) -> None:
    assert forest_table([]).empty
    result = make_result()
    study = result.study.with_arms({})
    assert forest_table([replace(result, study=study, runs={"baseline": result.runs["baseline"]})]).empty


def test_one_study_keeps_its_order_so_that_its_table_and_its_plot_agree(make_result) -> None:
    result = make_result()
    arms = {"worse": result.study.baseline.change("epochs", 33), **result.study.arms}
    runs = {"baseline": result.runs["wider"], "worse": result.runs["baseline"], "wider": result.runs["wider"]}
    table = forest_table([replace(result, study=result.study.with_arms(arms), runs=runs)])
    assert list(table["arm"]) == ["worse", "wider"]
    first, second = table["effect"]
    assert first < second


def test_no_bar_contradicts_its_badge(make_result) -> None:
    """Over many small effects: the bar excludes zero exactly where the badge says BETTER or WORSE."""
    seen = set()
    for arm in (0.70, 0.72, 0.74, 0.76, 0.78):
        result = make_result(arm=arm)
        arms = {name: result.study.baseline.change("epochs", number) for number, name in enumerate("abc", 33)}
        runs = {"a": result.runs["wider"], "b": result.runs["baseline"], "c": make_result(arm=0.705).runs["wider"]}
        three = replace(result, study=result.study.with_arms(arms), runs={"baseline": result.runs["baseline"], **runs})
        for row in forest_table([three]).to_dict("records"):
            decided = row["verdict"] in {"BETTER", "WORSE"}
            seen.add(row["verdict"])
            if row["verdict"] == "EQUIVALENT":
                assert -row["delta"] < row["deciding_low"]
                assert row["deciding_high"] < row["delta"]
                assert row["deciding_level"] == pytest.approx(90)
            else:
                assert decided == (row["deciding_low"] > 0 or row["deciding_high"] < 0), row
                assert row["deciding_level"] >= row["level"] - 1e-9
    assert {"BETTER", "UNDECIDED"} <= seen


def test_fewer_than_five_seeds_are_pale_whatever_their_interval_says(make_result) -> None:
    table = forest_table([make_result(seeds=3)])
    row = table.to_dict("records")[0]
    assert (row["verdict"], row["too_few_seeds"]) == ("UNDECIDED", True)
    assert row["deciding_low"] > 0
    assert "fewer than 5 seeds" in " ".join(forest_chart(table).to_dict()["title"]["subtitle"])


def test_both_errors_and_every_network_are_drawn(make_result) -> None:
    result = make_result()
    table = forest_table([result])
    row = table.to_dict("records")[0]
    difference = result.verdicts["wider"].difference
    assert row["both_errors"] == pytest.approx(100 * (difference.test_sample**2 + difference.training**2) ** 0.5)
    assert row["test_sample"] < row["both_errors"]
    assert sum(row["networks"]) / 5 == pytest.approx(row["effect"])
    datasets = forest_chart(table).to_dict()["datasets"].values()
    assert any(len(rows) == 5 and "network" in rows[0] for rows in datasets)


def test_every_verdict_has_a_colour_that_no_arm_has() -> None:
    assert set(VERDICT_COLOURS) == {outcome.value for outcome in Outcome}
    assert not {*VERDICT_COLOURS.values(), *CLASS_COLOURS} & set(ARM_COLOURS)


@pytest.mark.parametrize("narrow", [False, True])
def test_words_and_units(make_result, narrow: bool) -> None:
    spec = forest_chart(forest_table([make_result()]), narrow).to_dict()
    subtitle = " ".join(spec["title"]["subtitle"])
    assert "n = 360 test images" in subtitle
    assert "5 seeds per arm" in subtitle
    titles = [layer["encoding"].get("x", {}).get("title") for layer in spec["layer"]]
    assert any("percentage points" in " ".join([title] if isinstance(title, str) else title or []) for title in titles)


def test_one_huge_effect_does_not_squeeze_the_others(make_result) -> None:
    table = forest_table([make_result()]).assign(effect=0.5, low=0.2, high=0.8, deciding_low=0.2, deciding_high=0.8)
    table = with_row(table, effect=0.1, low=-0.2, high=0.4, deciding_low=-0.2, deciding_high=0.4)
    chart = forest_chart(with_row(table, effect=-55.0, low=-57.0, high=-53.0, deciding_low=-58.0, deciding_high=-52.0))
    axis = chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert axis[0] > -10
    far = rows_of(chart)[-1]
    assert far["alone_from"] is None
    assert far["deciding_from"] is None
    assert far["arrow_left"] == axis[0]
    assert far["effect_text"] == "−55.00  (−58.00, −52.00)"


def test_one_seed_has_no_spread_of_the_cost(make_result, tmp_path) -> None:
    table = forest_table([make_result(seeds=1)])
    assert "±" not in rows_of(forest_chart(table))[0]["cost_text"]
    forest_chart(table).save(tmp_path / "forest.svg")
    assert "UNDECIDED" in (tmp_path / "forest.svg").read_text()
