"""The page of results, made by its own command at a small size."""

from pathlib import Path

import numpy as np
import pytest
from catalogue.__main__ import main
from catalogue.page import Section, page, section

from netgain.api import StudyResult
from netgain.data import load_dataset
from netgain.experiment.study import Study
from netgain.runs.record import RunResult, RunStatus
from netgain.tasks.classification.task import Classification
from netgain.tasks.task import Figure


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("results") / "runs.db")


def small(store: str, docs: Path, *more: str) -> list[str]:
    sizes = ["--quick", "--data", "digits", "--seeds", "2", "--workers", "1"]
    return [*sizes, "--store", store, "--docs", str(docs), *more]


def test_one_study_is_shown_and_no_page_written(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(small(store, tmp_path, "--only", "dropout", "--only", "loss")) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("## dropout\n\nDoes dropping 20 %")
    assert "| arm | netgain, % | effect, points |" in shown
    assert "## loss" in shown
    assert not (tmp_path / "results.md").exists()
    pictures = {path.name for path in (tmp_path / "pictures" / "results").iterdir()}
    assert {"dropout-effects.png", "dropout-learning-curves.png"} <= pictures


def test_a_study_that_cannot_run_does_not_stop_the_others(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(small(store, tmp_path, "--only", "dropuot", "--only", "dropout")) == 1
    said = capsys.readouterr().out
    assert "## dropout" in said
    assert "dropuot: " in said
    assert "did you mean 'dropout'" in said


def test_what_was_measured_beside_the_accuracy_has_a_table(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"error": 0.01, "floor": 0.5, "floor_error": 0.02, "num_items": 360, "meaning": "how alike they are"}
    found = {"copies": Figure(value=0.25, unit="%", **told)}
    monkeypatch.setattr(Classification, "figures", lambda *_: found)
    assert main(small(store, tmp_path, "--only", "dropout")) == 0
    shown = capsys.readouterr().out
    row = next(line for line in shown.splitlines() if line.startswith("| copies | dropout 0.2 |"))
    assert "| 25.0 ± 1.0" in row
    assert row.endswith("% | 50.0 ± 2.0 % | 360 |")


def a_section(name: str, refuted: tuple[str, ...] = (), undecided: tuple[str, ...] = ()) -> Section:
    return Section((f"| {name} |",), refuted, undecided, f"## {name}", ("python 3.11",), 30.0)


def test_what_does_not_hold_and_what_stays_open_stand_first() -> None:
    parts = [a_section("dropout", undecided=("dropout: open",)), a_section("l2", refuted=("l2: wrong",))]
    text = page(parts, "python -m catalogue", 5, quick=False)
    order = ("Made by `python -m catalogue`", "claims do not hold", "l2: wrong", "## What stays open", "dropout: open")
    places = [text.index(part) for part in (*order, "## All rows")]
    assert places == sorted(places)
    assert "took 60.0 s" in text
    assert text.count("python 3.11") == 1
    assert "rehearsal" not in text


def test_an_empty_list_is_said_and_a_rehearsal_is_no_result() -> None:
    text = page([a_section("dropout")], "python -m catalogue --quick", 5, quick=True)
    assert "Every claim that could be decided holds." in text
    assert "5 seeds decide every claim." in text
    assert "**A rehearsal: shorter trainings" in text


def test_a_claim_on_a_gap_is_judged_with_its_errors(
    small_study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.page.save_pictures", lambda result, folder: {})  # slow, and not what is tested
    study = Study(**{**small_study._values(), "claims": {"wider": "smaller gap"}})

    def networks(wrong: int) -> list[RunResult]:
        return [
            RunResult(
                recipe_digest="a", seed=seed, dataset_digest="b", engine_version="1", status=RunStatus.FINISHED,
                right=np.arange(360) >= wrong + seed, arrays={"train_right": np.ones(600, bool)}, run_seconds=1.0,
            )
            for seed in range(5)
        ]  # fmt: skip

    def shown(baseline: list[RunResult], arm: list[RunResult]) -> Section:
        runs = {"baseline": baseline, "wider": arm}
        result = StudyResult(study=study, data=load_dataset("digits"), runs=runs, num_trained=0, seconds=0.0)
        return section(result, "Headline", tmp_path)

    said = "The lecture’s claim that wider has a smaller gap than the baseline"
    wide, narrow = networks(90), networks(30)
    assert (
        f"- {said} holds: SMALLER, from +25.56 to +8.89, by −16.67 ± <0.01 (train sample) ±" in shown(wide, narrow).text
    )
    assert shown(wide, narrow).refuted == shown(wide, narrow).undecided == ()
    (refuted,) = shown(narrow, wide).refuted
    assert refuted.startswith(f"small: {said} does not hold: LARGER, from +8.89 to +25.56, by +16.67 ")
    assert refuted.endswith("p < 0.0001.")
    (undecided,) = shown(wide[:4], narrow[:4]).undecided
    assert undecided.startswith(f"small: {said} stays open: UNDECIDED, ")
