"""`netgain report` as a person uses it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from netgain.cli.also_stored import others_in
from netgain.runs.store import Store
from netgain.studies import load_entry

from .program import netgain, refused

OPTIONS = ["--data", "digits", "--set", "epochs=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which one study was run."""
    folder = tmp_path_factory.mktemp("reported")
    done = netgain("study", "dropout", *OPTIONS, "--seeds", "2", "--workers", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_page_of_a_study_says_how_to_make_it_again(folder: Path) -> None:
    assert "netgain study dropout --seeds 2 --data digits --set epochs=1" in (folder / "dropout.html").read_text()


def test_one_study_and_the_whole_store(folder: Path) -> None:
    done = netgain("report", "dropout", *OPTIONS, "-o", "one.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "The report of 1 study is in one.html." in done.stderr
    assert "Does dropping 20 %" in (folder / "one.html").read_text()


def test_what_was_not_run_is_named_and_the_exit_code_says_so(folder: Path) -> None:
    done = netgain("report", "dropout", "softmax", *OPTIONS, "-o", "two.html", cwd=folder)
    assert done.returncode == 1
    assert "not run: netgain study softmax" in done.stderr
    assert "not run: <code>netgain study softmax</code>" in (folder / "two.html").read_text()


def test_runs_of_an_older_engine_are_counted_where_nothing_else_is_there(folder: Path) -> None:
    older = folder / "older.db"
    older.write_bytes((folder / "netgain.db").read_bytes())
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE runs SET engine_version = '1'")
    done = netgain("report", "dropout", *OPTIONS, "--store", "older.db", "-o", "older.html", cwd=folder)
    assert done.returncode == 1
    older_runs = "(it has 4 runs of another engine version, which do not count)"
    assert f"no runs with these options for dropout {older_runs}" in done.stderr
    assert not (folder / "older.html").exists()


def test_the_card_is_a_picture_beside_the_page_which_names_it(folder: Path) -> None:
    done = netgain("report", "dropout", *OPTIONS, "--card", "-o", "shown.html", cwd=folder)
    assert "The card is in shown.png." in done.stderr
    with Image.open(folder / "shown.png") as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))
    assert '<meta property="og:image" content="shown.png">' in (folder / "shown.html").read_text()
    assert "og:image" not in (folder / "dropout.html").read_text()


def test_what_was_changed_is_marked_with_what_the_study_has(folder: Path) -> None:
    netgain("report", "dropout", *OPTIONS, "-o", "changed.html", cwd=folder)
    page = (folder / "changed.html").read_text()
    assert "changed; the study has mnist" in page
    assert "changed; the study has 100" in page


def test_runs_with_other_options_are_named_with_the_command_that_shows_them(folder: Path) -> None:
    store, studies = Store(folder / "netgain.db"), [load_entry(name).study for name in ("l2", "dropout")]
    (found,) = others_in(store, (), studies)
    assert found.what.startswith("dropout with dataset digits, ")
    assert found.seeds == {"baseline": 2, "dropout 0.2": 2}
    assert found.command == "netgain report dropout --data digits --set epochs=1"
    assert others_in(store, [run.key for run in store.listing()], studies) == []
    own = others_in(store, (), [])  # nothing of the catalogue is like them
    assert [other.what for other in own] == ["a recipe of its own (dataset digits, epochs 1)"] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "there is no study 'nope'"),
        (["dropout", "--store", "none.db"], "there is no store 'none.db'"),
        (["dropout", "--store", "letter.db"], "not a netgain store"),
        (["dropout"], "not run: netgain study dropout"),
        (["dropout", "-o", "page.txt"], "must end in .html"),
        (["dropout", "-o", "nowhere/page.html"], "its folder is missing"),
        (["dropout", "--seeds", "two"], "--seeds: must be a number"),
        (["dropout", "--seeds", "2", "--until-known"], "remove --seeds"),
    ],
)
def test_a_mistake_gets_one_message(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "letter.db").write_text("Dear reader, " * 100)
    said = refused("report", *arguments, cwd=folder)
    assert message in said
    assert said.count("\n") == 1
    assert not list(folder.glob("nowhere*"))
