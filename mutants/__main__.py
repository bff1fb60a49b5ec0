"""`python -m mutants FILE…`: change each file in every way that mutmut knows, and show what no test noticed.

Each file is mutated in a copy of the working tree, against the tests of that file alone. What survives is printed as
the changed line, and a row for the table of docs/testing.md. Changes to the words of a message and to `strict=` are
counted apart. It takes from seconds to an hour a file, which is why the suite leaves it out.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants.survivors import Survivors, table_row

ROOT = Path(__file__).parents[1]
TESTS = {
    "data/arrays": ["tests/data/test_arrays.py", "tests/data/test_dataset.py", "tests/data/test_value_range.py"],
    "data/dataset": ["tests/data/test_dataset.py", "tests/data/test_arrays.py", "tests/data/test_splits.py"],
    "data/folder": ["tests/data/test_folder.py", "tests/data/test_pictures.py"],
    "data/images": ["tests/data/test_images.py", "tests/data/test_pictures.py"],
    "data/ink": ["tests/data/test_ink.py", "tests/data/test_preparing.py"],
    "data/named": ["tests/data/test_named.py", "tests/data/test_converting.py", "tests/data/test_pictures.py"],
    "data/pictures": ["tests/data/test_pictures.py", "tests/data/test_folder.py"],
    "data/source": ["tests/data/test_named.py", "tests/data/test_init.py", "tests/data/test_download.py"],
    "data/value_range": ["tests/data/test_value_range.py", "tests/data/test_arrays.py"],
    "engine/epoch": [
        "tests/tasks/classification/test_twin.py::test_augmentation[on the fly]",
        "tests/tasks/classification/test_twin.py::test_moments_of_batch_normalisation",
        "tests/engine/test_chunks.py::test_training_in_chunks_equals_training_batch_by_batch[100]",
        "tests/engine/test_epoch.py",
    ],
    "networks/compiled": ["tests/networks/test_reached_code.py", "tests/networks/test_reached_values.py"],
    "networks/keras_kinds": ["tests/networks/test_reached_values.py"],
    "networks/reached": ["tests/networks/test_reached_code.py", "tests/networks/test_reached_values.py"],
    "networks/families/own": [
        "tests/networks/test_own.py",
        "tests/networks/test_own_fields.py",
        "tests/networks/test_own_config.py",
    ],
    "networks/own_description": [
        "tests/networks/test_own_description.py",
        "tests/networks/test_own_refused.py",
        "tests/networks/test_own.py",
        "tests/networks/test_own_fields.py",
    ],
    "networks/own_parts": [
        "tests/networks/test_own_parts.py",
        "tests/networks/test_own.py",
        "tests/networks/test_own_fields.py",
    ],
    "stats/difference": [
        "tests/stats/test_difference.py",
        "tests/stats/test_difference_exact.py",
        "tests/stats/test_difference_toys.py",
    ],
    "stats/gap_difference": [
        "tests/stats/test_gap_difference.py",
        "tests/stats/test_gap_difference_few.py",
        "tests/stats/test_gap_difference_properties.py",
    ],
    "stats/sequential": ["tests/stats/test_sequential_p.py", "tests/stats/test_sequential.py"],
    "stats/verdict": ["tests/stats/test_verdict.py", "tests/stats/test_verdict_needs.py"],
}
"""The tests of a file of the package, where they are not tests/FOLDER/test_FILE.py alone."""


def main(arguments: list[str]) -> int:
    """Mutate the files, print what survived; 1 where something could not be run."""
    parser = argparse.ArgumentParser("python -m mutants", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="for example src/netgain/stats/cost.py")
    parser.add_argument("--children", type=int, default=os.cpu_count(), help="mutants tried at once")
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("mutmut") is None:
        parser.error("mutmut is not installed here: python -m pip install -r mutants/requirements.txt")
    for file in options.files:
        if not (file.is_file() and file.resolve().is_relative_to(ROOT / "src")):
            parser.error(f"{file} is not a file under {ROOT / 'src'}; give one like src/netgain/stats/cost.py")
    failed = 0
    for file in options.files:
        name = file.resolve().relative_to(ROOT).as_posix()
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            _copy_tree(copy)
            failed |= _mutate(copy, name, options.children)
    return failed


def _copy_tree(copy: Path) -> None:
    """The working tree without what git ignores, but with the kernels as they are built here."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=True)  # fmt: skip
    kernels = [file.relative_to(ROOT).as_posix() for file in (ROOT / "src/netgain/engine/native").glob("*.so")]
    for name in [*listed.stdout.splitlines(), *kernels]:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def _mutate(copy: Path, name: str, children: int) -> int:
    """Run mutmut on one file of the copy and print what came out."""
    part = Path(name).relative_to("src/netgain").with_suffix("")
    tests = TESTS.get(part.as_posix(), [f"tests/{part.parent.as_posix()}/test_{part.name}.py"])
    (copy / "setup.cfg").write_text(_settings(name, part.parts[0], tests), encoding="utf-8")
    # CI turns off the widgets of mutmut; NumPy rooms load no Keras, which keeps a mutant at a fraction of a second.
    environment = {**os.environ, "CI": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    mutmut = [sys.executable, "-m", "mutmut"]
    ran = subprocess.run([*mutmut, "run", "--max-children", f"{children}"], cwd=copy, env=environment,
                         capture_output=True, text=True, check=False)  # fmt: skip
    listed = subprocess.run([*mutmut, "results", "--all", "true"], cwd=copy, env=environment, capture_output=True,
                            text=True, check=False)  # fmt: skip
    if not listed.stdout.strip() or ": not checked" in listed.stdout:  # the tests fail as they stand
        sys.stderr.write(f"{name}: mutants were not tried.\n{(ran.stdout + ran.stderr)[-3000:]}\n")
        return 1
    if timeouts := listed.stdout.count(": timeout"):
        sys.stderr.write(f"{name}: {timeouts} of the killed ran out of time. Does a test start JAX when imported?\n")
    survivors = Survivors.read(listed.stdout, (copy / "mutants" / name).read_text(encoding="utf-8"))
    print(table_row(name, survivors), *survivors.lines, sep="\n", flush=True)
    return 0


def _settings(name: str, room: str, tests: list[str]) -> str:
    """What mutmut reads; workers fork from a server that has imported the tests and not yet started JAX.

    A test file that makes an array of JAX's or a variable of Keras' when it is imported starts JAX: its forks hang.
    """
    without_jax = [f"--confcutdir=tests/{room}"] if room in ("stats", "data") else []
    lists = {
        "source_paths": ["src"],
        "only_mutate": [name],
        "also_copy": [file.name for file in ROOT.iterdir() if not file.name.startswith(".") and file.name != "mutants"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", *without_jax],
        "pytest_add_cli_args_test_selection": tests,
    }
    values = [f"{key}=\n" + "\n".join(f"    {value}" for value in values) for key, values in lists.items()]
    return "\n".join(["[mutmut]", *values, "process_isolation=forkserver", "use_git_change_detection=false", ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
