import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from netgain.errors import StoreError
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.runs.store.migrating import SCHEMA_VERSION
from netgain.runs.store.opening import open_engine
from netgain.runs.store.schema import metadata
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM


def a_run(seed: int = 0, status: RunStatus = RunStatus.FINISHED) -> RunResult:
    generator = np.random.default_rng(seed)
    return RunResult(
        recipe_digest="a" * 64,
        seed=seed,
        dataset_digest="b" * 64,
        engine_version="1",
        status=status,
        history={
            "train": {"loss": [0.5, float("nan")], "accuracy": [0.8, 0.1 + seed]},
            "validation": {"loss": [0.25, 0.125]},
        },
        best_epoch=1,
        right=generator.random(7) < 0.5,
        arrays={
            "test_scores": generator.random((7, 3), dtype=np.float32),
            "train_right": generator.random(13) < 0.5,
            "train_log_odds": generator.random(13, dtype=np.float32),
            "validation_scores": np.zeros((0, 0), np.float32),
        },
        num_parameters=42,
        compile_seconds=0.5,
        run_seconds=1.5,
        versions={"jax": "1"},
        machine={"cores": 2},
        model=b"keras file",
        failure="",
    )


def same(one: RunResult, other: RunResult) -> bool:
    def plain(run: RunResult) -> dict:
        fields = {field.name: getattr(run, field.name) for field in dataclasses.fields(run) if field.name != "model"}
        arrays = {f"arrays.{name}": array for name, array in fields.pop("arrays").items()}
        return {
            name: (value.dtype, value.tolist()) if isinstance(value, np.ndarray) else repr(value)
            for name, value in {**fields, **arrays}.items()
        }

    return plain(one) == plain(other)


def test_a_run_comes_back_as_it_went_in(tmp_path: Path, small_recipe: Recipe) -> None:
    run = a_run()
    Store(tmp_path / "runs.db").add(run, small_recipe)
    again = Store(tmp_path / "runs.db")
    found = again.find([RunKey.of(run), RunKey.of(a_run(1))])
    assert list(found) == [RunKey.of(run)]
    assert same(found[RunKey.of(run)], run)
    assert found[RunKey.of(run)].test_scores.dtype == np.float32
    assert again.model_file(RunKey.of(run)) == b"keras file"


def test_a_key_differs_in_every_part(small_recipe: Recipe) -> None:
    store, run = Store("sqlite://"), a_run()
    store.add(run, small_recipe)
    key = RunKey.of(run)
    others = [
        key._replace(recipe_digest="c" * 64),
        key._replace(seed=1),
        key._replace(dataset_digest="c" * 64),
    ]
    assert store.find([*others, key._replace(engine_version="2")]) == {}


def test_a_run_is_written_once(small_recipe: Recipe) -> None:
    store, run = Store("sqlite://"), a_run()
    store.add(run, small_recipe)
    store.add(dataclasses.replace(run, best_epoch=2), small_recipe)
    assert store.find([RunKey.of(run)])[RunKey.of(run)].best_epoch == 1


def test_a_failed_run_gives_way_to_one_that_finished(small_recipe: Recipe) -> None:
    store = Store("sqlite://")
    failed = RunResult(**RunKey.of(a_run())._asdict(), status=RunStatus.FAILED, failure="the worker died")
    store.add(failed, small_recipe)
    assert store.find([RunKey.of(failed)])[RunKey.of(failed)].failure == "the worker died"
    store.add(a_run(), small_recipe)
    assert same(store.find([RunKey.of(failed)])[RunKey.of(failed)], a_run())


def test_what_a_task_keeps_comes_back_whatever_it_is_called(small_recipe: Recipe) -> None:
    store = Store("sqlite://")
    kept = {"moves": np.arange(12, dtype=np.int16).reshape(3, 4), "legal": np.arange(9).reshape(3, 3) % 2 == 0}
    run = dataclasses.replace(a_run(), arrays=kept)
    store.add(run, small_recipe)
    found = store.find([RunKey.of(run)])[RunKey.of(run)]
    assert same(found, run)
    assert store.measured(RunKey.of(run), "moves") is None  # that was not measured later
    store.keep_measured(RunKey.of(run), "angles", np.ones(2))
    assert set(store.find([RunKey.of(run)])[RunKey.of(run)].arrays) == {"moves", "legal"}


def test_an_array_of_text_is_refused(small_recipe: Recipe) -> None:
    store, run = Store("sqlite://"), dataclasses.replace(a_run(), arrays={"words": np.array(["seven"])})
    with pytest.raises(StoreError, match="the array 'words' has the type <U5, which a store cannot keep"):
        store.add(run, small_recipe)
    assert store.num_runs() == 0


def test_the_recipe_of_a_machine_says_its_task() -> None:
    store = Store("sqlite://")
    store.add(a_run(), SVM(c=2.0))
    (found,) = store.listing()
    assert (found.recipe["task"], found.recipe["c"], found.recipe["dataset"]) == ("svm", 2.0, "mnist")
    assert found.has_network


NUMBERS, BITS, NOTHING = np.arange(6.0).reshape(2, 3), np.arange(15).reshape(3, 5) % 2 == 0, np.zeros((0, 4))


@pytest.mark.parametrize("array", [NUMBERS, BITS, NOTHING])
def test_what_was_measured_of_a_run_comes_back(array: np.ndarray, small_recipe: Recipe) -> None:
    store, run = Store("sqlite://"), a_run()
    store.add(run, small_recipe)
    key = RunKey.of(run)
    assert store.measured(key, "angles") is None
    store.keep_measured(key, "angles", array)
    store.keep_measured(key, "angles", array + 1)  # what is there stays
    kept = store.measured(key, "angles")
    assert kept is not None
    assert (kept.dtype, kept.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(kept, array)
    assert store.measured(key, "shifts") is None
    assert store.measured(RunKey.of(a_run(1)), "angles") is None
    assert same(store.find([key])[key], run)


def test_what_was_measured_goes_with_a_failed_run(small_recipe: Recipe) -> None:
    store, failed = Store("sqlite://"), a_run(status=RunStatus.FAILED)
    store.add(failed, small_recipe)
    store.keep_measured(RunKey.of(failed), "angles", np.ones(3))
    store.add(a_run(), small_recipe)
    assert store.measured(RunKey.of(failed), "angles") is None


def test_a_run_that_is_not_here_keeps_no_measurement() -> None:
    store, key = Store("sqlite://"), RunKey.of(a_run())
    store.keep_measured(key, "angles", np.ones(3))
    assert store.measured(key, "angles") is None


def test_many_runs_at_once(small_recipe: Recipe) -> None:
    store = Store("sqlite://")
    for seed in range(0, 230, 23):
        store.add(a_run(seed), small_recipe)
    found = store.find(RunKey.of(a_run(seed)) for seed in range(230))
    assert sorted(key.seed for key in found) == list(range(0, 230, 23))


def test_a_run_is_written_whole_or_not_at_all(tmp_path: Path, small_recipe: Recipe) -> None:
    path = tmp_path / "runs.db"
    store = Store(path)
    store.add(a_run(), small_recipe)
    with closing(sqlite3.connect(path)) as connection, connection:  # the models, written last, are refused
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON models BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(StoreError, match=r"disk is full; finished runs are kept"):
        store.add(a_run(1), small_recipe)
    assert [key.seed for key in store.find(RunKey.of(a_run(seed)) for seed in range(2))] == [0]
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("SELECT count(*) FROM arrays").fetchone() == (5,)


def test_full_disk(tmp_path: Path, small_recipe: Recipe) -> None:
    store = Store(tmp_path / "runs.db")
    big = dataclasses.replace(a_run(), model=bytes(1_000_000))

    @event.listens_for(store._engine, "connect")
    def small_disk(connection, _) -> None:  # SQLite's own word for a full disk is the same
        connection.execute("PRAGMA max_page_count = 40")

    store._engine.dispose()
    with pytest.raises(StoreError, match="disk is full; finished runs are kept: free some space"):
        store.add(big, small_recipe)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, " * 100)
    with pytest.raises(StoreError, match=r"text\.db.*it is not a netgain store"):
        Store(tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(StoreError, match=r"is a database but not a netgain store \(it holds songs\)"):
        Store(tmp_path / "other.db")
    with pytest.raises(StoreError, match="is a folder"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="there is no folder"):
        Store(tmp_path / "nowhere" / "runs.db")
    with pytest.raises(StoreError, match="neither a file nor a database URL that can be opened"):
        Store("nosuchdb://somewhere/runs")
    assert (tmp_path / "text.db").read_text().startswith("no database")


def test_a_store_of_a_newer_netgain_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    Store(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(
        StoreError, match=rf"written by a newer netgain \(schema 9999, this one knows {SCHEMA_VERSION}\)"
    ):
        Store(path)
    assert path.read_bytes() == before


def test_a_read_only_store_can_be_read_and_says_so_when_written(tmp_path: Path, small_recipe: Recipe) -> None:
    Store(tmp_path / "runs.db").add(a_run(), small_recipe)
    store = Store(f"sqlite:///file:{tmp_path}/runs.db?mode=ro&uri=true")
    assert len(store.find([RunKey.of(a_run())])) == 1
    with pytest.raises(StoreError, match="readonly database; make the file and its folder writable"):
        store.check_writable()


def test_migrations_make_the_schema_that_the_code_declares(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "runs.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_schemas_version() -> None:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "netgain.runs.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION
