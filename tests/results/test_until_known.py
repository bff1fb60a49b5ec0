import subprocess
from concurrent.futures import Executor
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.errors import RecipeError
from netgain.experiment.study import Study
from netgain.report.kinds import sentences
from netgain.results.run import run
from netgain.results.study_result import StudyResult
from netgain.results.until_known import run_until_known
from netgain.runs.execute.options import RunOptions
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import CHECKS, Outcome


class Fake:
    """Gives every arm networks of a wanted accuracy and notes what it was asked for."""

    def __init__(self, **accuracies: float) -> None:
        self.accuracies = accuracies
        self.asked: list[tuple[list[str], int]] = []

    def __call__(self, study: Study, num_seeds: int) -> StudyResult:
        self.asked.append((list(study.arms), num_seeds))
        runs = {name: [self._run(name, seed) for seed in range(num_seeds)] for name in study.recipes}
        return StudyResult(study=study, data=load_dataset("digits"), runs=runs, num_trained=0, seconds=1.0)

    def _run(self, name: str, seed: int) -> RunResult:
        # Images are hard or easy for all networks alike; what is left is the seed's own luck.
        hardness = np.random.default_rng(0).random(360)
        luck = np.random.default_rng([seed, len(name)]).normal(0, 0.05, 360)
        right = hardness + luck < self.accuracies[name]
        return RunResult(
            recipe_digest=name, seed=seed, dataset_digest="d", engine_version="1", status=RunStatus.FINISHED,
            right=right, arrays={"train_right": right}, run_seconds=1.0,
        )  # fmt: skip


@pytest.fixture
def study(small_study: Study) -> Study:
    second = small_study.baseline.change("network.hidden", [13])
    return small_study.with_arms({**small_study.arms, "thirteen": second})


def test_decided_arms_get_no_more_seeds(study: Study) -> None:
    fake = Fake(baseline=0.70, wider=0.95, thirteen=0.72)
    result = run_until_known(study, fake)
    assert fake.asked[0] == (["wider", "thirteen"], 5)
    assert all(arms == ["thirteen"] for arms, _ in fake.asked[1:])
    assert result.checks["wider"].outcome is Outcome.BETTER
    assert (len(result.runs["wider"]), len(result.runs["baseline"])) == (5, fake.asked[-1][1])
    assert list(result.runs) == ["baseline", "wider", "thirteen"]
    assert result.study == study


def test_it_ends_as_soon_as_everything_is_known(study: Study) -> None:
    fake = Fake(baseline=0.70, wider=0.95, thirteen=0.4)
    result = run_until_known(study, fake)
    assert [seeds for _, seeds in fake.asked] == [5]
    assert {name: verdict.outcome for name, verdict in result.verdicts.items()} == {
        "wider": Outcome.BETTER,
        "thirteen": Outcome.WORSE,
    }
    assert "(5 seeds, check 1 of 4)" in sentences(result)[0]


def test_the_verdict_carries_the_sequential_p(study: Study) -> None:
    result = run_until_known(study, Fake(baseline=0.70, wider=0.80, thirteen=0.71))
    for name, check in result.checks.items():
        assert result.verdicts[name].p_adjusted == check.p_adjusted
        assert check.p_adjusted >= check.sequential_p
        assert check.stop
        assert check.why


def test_a_study_of_which_nothing_can_be_known_is_refused(small_study: Study) -> None:
    steps = {**small_study.arms, "widest": small_study.baseline.change("network.hidden", [30])}
    ladder = Study("ladder", baseline=small_study.baseline, arms=steps, against={"widest": "wider"})
    with pytest.raises(RecipeError, match="compares every arm with the baseline"):
        run(ladder, "until-known", RunOptions(store=None))
    with pytest.raises(RecipeError, match="needs arms to compare"):
        run(small_study.with_arms({}), "until-known", RunOptions(store=None))


def test_on_real_networks_with_a_store(small_study: Study, tmp_path: Path, here: Executor) -> None:
    worse = small_study.baseline.change("optimizer.learning_rate", 1e-4)
    study = small_study.with_arms({"barely moves": worse})
    result = run(study, "until-known", RunOptions(store=tmp_path / "runs.db", executor=here))
    assert result.verdicts["barely moves"].outcome is Outcome.WORSE
    assert (len(result.checks["barely moves"].steps), result.num_trained) == (1, 10)
    assert run(study, "until-known", RunOptions(store=tmp_path / "runs.db")).num_trained == 0


def test_all_checks_have_the_same_workers(small_study: Study) -> None:
    study = small_study.with_arms({"thirteen": small_study.baseline.change("network.hidden", [13])})
    with mock.patch.object(subprocess, "Popen", wraps=subprocess.Popen) as start:
        result = run(study, "until-known", RunOptions(store=None, workers=1))
    assert len(result.runs["baseline"]) > CHECKS[0]
    assert start.call_count == 1
