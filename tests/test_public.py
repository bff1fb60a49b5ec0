import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import netgain

ROOT = Path(__file__).parents[1]

PUBLIC = [
    *["ConvNet", "Dataset", "Dropout", "EarlyStopping", "KerasNetwork", "MLP", "NetgainError", "Optimizer"],
    *["KerasLoss", "KerasOptimizer"],
    *[
        "Augmentation",
        "Demonstration",
        "DemonstrationResult",
        "Figure",
        "Findings",
        "Fractions",
        "Generated",
        "Improvement",
        "Statement",
    ],
    *[
        "Recipe",
        "RunOptions",
        "RunResult",
        "RunStatus",
        "SVM",
        "Schedule",
        "Store",
        "Strengths",
        "Study",
        "StudyResult",
    ],
    *["Measure", "Task", "TestTime", "load_dataset", "load_demonstration", "load_recipe", "load_study", "run", "train"],
    *["ConvCritic", "ConvGenerator", "Generator", "Penalty"],
    *["FixedSlots", "RNN", "Reader", "Stem", "StringDataset", "load_strings"],
    *["Shift", "evaluate", "fit", "fractions", "generate", "improve", "model_of", "open_network", "score"],
]


def test_the_public_names_are_these() -> None:
    assert sorted(netgain.__all__) == sorted(PUBLIC)
    assert sorted(netgain._HOMES) == sorted(PUBLIC)
    assert set(PUBLIC) <= set(dir(netgain))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_a_docstring_of_its_own(name: str) -> None:
    value = getattr(netgain, name)
    assert value.__doc__
    assert value.__module__.startswith("netgain.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Recipee'"):
        netgain.Recipee  # noqa: B018  # pyright: ignore


def test_version_is_the_installed_one() -> None:
    assert version("netgain") == netgain.__version__
    assert f"## {netgain.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_importing_netgain_loads_nothing_heavy() -> None:
    code = "import sys, netgain; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & {"numpy", "keras", "jax", "pydantic", "pandas"}


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    import tomllib

    pinned = {
        line.partition("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().split()
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {requirement.partition(">")[0].partition("[")[0].lower() for requirement in wanted}
    assert names <= pinned
    assert "://" not in (ROOT / "constraints.txt").read_text()
