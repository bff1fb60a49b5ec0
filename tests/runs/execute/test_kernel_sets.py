"""A store with runs of several kernels, as one that went from computer to computer holds them."""

from pathlib import Path

import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.engine.kernels import kernels_to_use
from netgain.engine.versions import engine_version
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.report.sentences import study_sentences
from netgain.results.demonstration_result import DemonstrationInput, DemonstrationResult
from netgain.results.findings import Findings, Statement
from netgain.results.run import run
from netgain.results.stored import stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.plan import run_key
from netgain.runs.execute.progress import LineProgress
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.tasks.svm import SVM

ELSEWHERE, FURTHER = "avx512", "basic"


@pytest.fixture(autouse=True)
def plain_jax_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETGAIN_KERNELS", "none")


@pytest.fixture
def study(small_study: Study) -> Study:
    return small_study.change_recipes("epochs", 1)


def a_run(recipe: AbstractRecipe, seed: int, kernels: str, dataset: Dataset) -> RunResult:
    generator = np.random.default_rng(seed)
    scores = generator.random((dataset.num_test, 10), dtype=np.float32)
    return RunResult(
        **run_key(recipe, seed, dataset, kernels)._asdict(),
        status=RunStatus.FINISHED,
        history={"train": {"loss": [0.5], "accuracy": [0.8]}},
        best_epoch=1,
        right=generator.random(dataset.num_test) < 0.9,
        arrays={
            "test_scores": scores / scores.sum(axis=1, keepdims=True),
            "train_right": generator.random(600) < 0.9,
            "train_log_odds": generator.random(600, dtype=np.float32),
        },
        run_seconds=1.0,
        versions={"jax": "1"},
        machine={"kernels": kernels},
    )


def filled(study: Study, **num_seeds: dict[str, int]) -> Store:
    """A store with so many seeds of each arm by kernels: `avx512={"baseline": 3}`."""
    store, dataset = Store("sqlite://"), load_dataset("digits")
    for kernels, arms in num_seeds.items():
        for arm, number in arms.items():
            for seed in range(number):
                store.add(a_run(study.recipes[arm], seed, kernels, dataset), study.recipes[arm])
    return store


def found(study: Study, store: Store, seeds: list[int] | None = None) -> dict[str, tuple[str, int]]:
    """The kernels and the number of networks of each arm; kernels are never mixed within one."""
    result = stored(study, store, seeds)
    assert isinstance(result, StudyResult)
    kernels = {arm: {one.engine_version.partition("+")[2] for one in runs} for arm, runs in result.runs.items()}
    assert all(len(of_arm) == 1 for of_arm in kernels.values())
    return {arm: (kernels[arm].pop(), len(runs)) for arm, runs in result.runs.items()}


def test_runs_of_another_computer_are_found(study: Study) -> None:
    store = filled(study, avx512={BASELINE: 3, "wider": 3})
    assert found(study, store) == {BASELINE: (ELSEWHERE, 3), "wider": (ELSEWHERE, 3)}
    assert found(study, store, [1]) == {BASELINE: (ELSEWHERE, 1), "wider": (ELSEWHERE, 1)}


def test_those_of_this_computer_come_first_where_the_study_was_run_here(study: Study) -> None:
    store = filled(study, avx512={BASELINE: 3, "wider": 3}, none={BASELINE: 2, "wider": 1})
    assert found(study, store) == {BASELINE: ("none", 2), "wider": ("none", 1)}


def test_a_baseline_that_another_study_trained_here_hides_no_run_of_elsewhere(study: Study) -> None:
    store = filled(study, avx512={BASELINE: 3, "wider": 3}, none={BASELINE: 5})
    assert found(study, store) == {BASELINE: (ELSEWHERE, 3), "wider": (ELSEWHERE, 3)}


def test_of_other_computers_the_one_with_most_runs_is_shown(study: Study) -> None:
    store = filled(study, avx512={BASELINE: 1, "wider": 1}, basic={BASELINE: 2, "wider": 2})
    assert found(study, store) == {BASELINE: (FURTHER, 2), "wider": (FURTHER, 2)}


def test_arms_of_different_kernels_are_said_to_be(study: Study) -> None:
    more = study.with_arms({**study.arms, "narrow": study.baseline.change("network.hidden", [3])})
    store = filled(more, none={BASELINE: 2, "wider": 2}, avx512={"narrow": 2})
    assert found(more, store) == {BASELINE: ("none", 2), "wider": ("none", 2), "narrow": (ELSEWHERE, 2)}
    result = stored(more, store)
    assert isinstance(result, StudyResult)
    (remark,) = [sentence for sentence in study_sentences(result) if "different kernels" in sentence]
    assert "narrow with the kernels 'avx512'; baseline, wider with the kernels 'none'" in remark
    pure = stored(study, store)
    assert isinstance(pure, StudyResult)
    assert not any("different kernels" in sentence for sentence in study_sentences(pure))


def test_what_is_fitted_goes_with_all_kernels(study: Study) -> None:
    fitted = study.with_arms({"machine": SVM(dataset="digits", train_size=600)})
    store = filled(fitted, avx512={BASELINE: 2}, none={"machine": 1})
    assert found(fitted, store) == {BASELINE: (ELSEWHERE, 2), "machine": ("", 2)}
    result = stored(fitted, store)
    assert isinstance(result, StudyResult)
    assert not any("different kernels" in sentence for sentence in study_sentences(result))


def test_a_demonstration_is_of_one_set_of_kernels(study: Study) -> None:
    def examine(given: DemonstrationInput) -> Findings:
        seen = {one.engine_version for runs in given.runs.values() for one in runs}
        return Findings((Statement("seen", True, f"{sorted(seen)} {given.seeds}"),))

    seeing = Demonstration("seeing", recipes=dict(study.recipes), examine=examine)
    store = filled(study, avx512={BASELINE: 3, "wider": 2}, none={BASELINE: 4})
    result = stored(seeing, store)
    assert isinstance(result, DemonstrationResult)
    assert result.num_trained == 0
    version = engine_version(ELSEWHERE)
    assert f"{[version]} (0, 1)" in str(result.findings.statements[0])
    assert stored(seeing, filled(study, avx512={BASELINE: 3}, none={"wider": 3})) is None


def test_a_run_with_other_kernels_is_trained_again_and_that_is_said(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = filled(study, avx512={BASELINE: 1, "wider": 1}, basic={BASELINE: 1})
    result = run(study, 1, RunOptions(store=store, workers=1, progress=LineProgress()))
    assert result.num_trained == 2
    assert {one.engine_version for runs in result.runs.values() for one in runs} == {engine_version(kernels_to_use())}
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "trained again" in line]
    assert "of the networks to train, the store has 2 with the kernels 'avx512' and 1 with the kernels 'basic'" in line
    assert "trained again with 'none'" in line
    assert run(study, 1, RunOptions(store=store)).num_trained == 0
