"""Results from what the store holds: nothing is trained, what is missing is said."""

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from netgain.engine.kernels import kernels_to_use
from netgain.engine.versions import ENGINE_VERSIONS, engine_version
from netgain.errors import StoreError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.study import Study
from netgain.report.kinds import sentences
from netgain.results.demonstration_result import DemonstrationInput, DemonstrationResult
from netgain.results.findings import Findings, Statement
from netgain.results.run import run
from netgain.results.stored import open_existing, stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import Store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stored")


@pytest.fixture
def filled(folder: Path, small_study: Study, here: Executor) -> Path:
    """A store with two seeds of the small study, trained once."""
    run(small_study.change_recipes("epochs", 1), 2, RunOptions(store=folder / "filled.db", executor=here))
    return folder / "filled.db"


@pytest.fixture
def study(small_study: Study) -> Study:
    return small_study.change_recipes("epochs", 1)


def test_what_was_run_is_found_without_training(filled: Path, study: Study) -> None:
    store = open_existing(filled)
    result = stored(study, store)
    assert isinstance(result, StudyResult)
    assert result.num_trained == 0
    assert {name: [run.seed for run in runs] for name, runs in result.runs.items()} == {
        "baseline": [0, 1],
        "wider": [0, 1],
    }
    one = stored(study, store, [1])
    assert isinstance(one, StudyResult)
    assert [run.seed for run in one.runs["wider"]] == [1]
    assert store.num_runs() == 4
    digest, version = study.baseline.digest, engine_version(kernels_to_use())
    assert store.seeds([digest, "0" * 64], ENGINE_VERSIONS) == {digest: {version: [0, 1]}}


def test_what_was_not_run_is_none(filled: Path, study: Study) -> None:
    store = open_existing(filled)
    assert stored(study.change_recipes("epochs", 2), store) is None
    assert stored(study, store, [7]) is None
    shared = study.with_arms({"narrow": study.baseline.change("network.hidden", [3])})
    assert stored(shared, store) is None  # another study's baseline is no run of this one
    assert store.num_runs() == 4


def test_arms_that_were_not_run_are_left_out_and_named(filled: Path, study: Study) -> None:
    more = study.with_arms({**study.arms, "narrow": study.baseline.change("network.hidden", [3])})
    result = stored(more, open_existing(filled))
    assert isinstance(result, StudyResult)
    assert list(result.runs) == ["baseline", "wider"]
    assert any("Not run yet: narrow" in sentence for sentence in sentences(result))


def test_seeds_that_may_have_been_added_until_it_was_known_are_said(
    study: Study, tmp_path: Path, here: Executor
) -> None:
    options = RunOptions(store=tmp_path / "runs.db", executor=here)

    def remarks(**arms: Any) -> list[str]:
        found = stored(study.with_arms({**study.arms, **arms}), open_existing(tmp_path / "runs.db"))
        return [line for line in sentences(found) if "fixed in advance" in line]

    run(study.each_recipe(lambda recipe: recipe.change("epochs", 1)), 5, options)
    study = study.each_recipe(lambda recipe: recipe.change("epochs", 1))
    assert remarks() == []
    run(study, 8, options)
    assert len(remarks()) == 1
    assert "ask for it with --until-known" in remarks()[0]
    assert len(remarks(narrow=study.baseline.change("network.hidden", [3]))) == 1  # beside what was not run
    planned = stored(study, open_existing(tmp_path / "runs.db"), range(5))
    assert not any("fixed in advance" in line for line in sentences(planned))


def test_until_known_needs_every_check(filled: Path, study: Study) -> None:
    with pytest.raises(
        StoreError, match="for the check after 5 seeds; finish it with netgain study small --until-known"
    ):
        stored(study, open_existing(filled), "until-known")


def test_demonstrations_are_examined_with_the_seeds_that_are_there(filled: Path, study: Study) -> None:
    def examine(given: DemonstrationInput) -> Findings:
        models = [len(run.model) for runs in given.runs.values() for run in runs]
        return Findings((Statement("Networks are there", all(models), f"{len(models)} networks"),))

    seeing = Demonstration("seeing", recipes={"first": study.baseline}, examine=examine)
    result = stored(seeing, open_existing(filled))
    assert isinstance(result, DemonstrationResult)
    assert result.num_trained == 0
    assert str(result.findings.statements[0]) == "✓ Networks are there: 2 networks"
    assert stored(seeing.change_recipes("epochs", 2), open_existing(filled)) is None
    alone = stored(Demonstration("alone", examine=examine), open_existing(filled))
    assert isinstance(alone, DemonstrationResult)


@pytest.mark.parametrize("where", ["{}/none.db", "sqlite:///{}/none.db"])
def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, where: str) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        open_existing(where.format(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_and_a_foreign_file(tmp_path: Path) -> None:
    Store(tmp_path / "empty.db")
    with pytest.raises(StoreError, match="is empty; run a study first"):
        open_existing(tmp_path / "empty.db")
    (tmp_path / "letter.db").write_text("Dear reader, " * 100)
    with pytest.raises(StoreError, match="not a netgain store"):
        open_existing(tmp_path / "letter.db")
