"""`netgain report` as a person uses it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

OPTIONS = ["--data", "digits", "--set", "epochs=1"]


def netgain(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from netgain.cli import main; main()", *arguments],
        cwd=cwd, env=os.environ, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which one study was run."""
    folder = tmp_path_factory.mktemp("reported")
    done = netgain("study", "l2", *OPTIONS, "--seeds", "2", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_page_of_a_study_says_how_to_make_it_again(folder: Path) -> None:
    assert "netgain study l2 --seeds 2 --data digits --set epochs=1" in (folder / "l2.html").read_text()


def test_one_study_and_the_whole_store(folder: Path) -> None:
    done = netgain("report", "l2", *OPTIONS, "-o", "one.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "The report of 1 study is in one.html." in done.stderr
    assert "Does an L2 penalty" in (folder / "one.html").read_text()


def test_what_was_not_run_is_named_and_the_exit_code_says_so(folder: Path) -> None:
    done = netgain("report", "l2", "softmax", *OPTIONS, "-o", "two.html", cwd=folder)
    assert done.returncode == 1
    assert "not run: netgain study softmax" in done.stderr
    assert "not run: <code>netgain study softmax</code>" in (folder / "two.html").read_text()


def test_runs_of_an_older_engine_are_counted_where_nothing_else_is_there(folder: Path) -> None:
    older = folder / "older.db"
    older.write_bytes((folder / "netgain.db").read_bytes())
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE runs SET engine_version = '1'")
    done = netgain("report", "l2", *OPTIONS, "--store", "older.db", "-o", "older.html", cwd=folder)
    assert done.returncode == 1
    assert "no runs, with these options, of l2 (its 4 runs of another engine version do not count)" in done.stderr
    assert not (folder / "older.html").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "there is no study 'nope'"),
        (["l2", "--store", "none.db"], "there is no store 'none.db'"),
        (["l2", "--store", "letter.db"], "no netgain store"),
        (["l2"], "not run: netgain study l2"),
        (["l2", "-o", "page.txt"], "must end in .html"),
        (["l2", "-o", "nowhere/page.html"], "its folder is not there"),
        (["l2", "--seeds", "two"], "--seeds: must be a number"),
        (["l2", "--seeds", "2", "--until-known"], "leave --seeds out"),
    ],
)
def test_a_mistake_gets_one_message(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "letter.db").write_text("Dear reader, " * 100)
    done = netgain("report", *arguments, cwd=folder)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(folder.glob("nowhere*"))
