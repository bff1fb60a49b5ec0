"""Installed code is told from a user's own, and named with its version."""

import sys
import sysconfig
import types
from importlib.metadata import version
from pathlib import Path

import hypothesis
import hypothesis.strategies
import numpy as np
import pytest

from netgain.networks.installed import is_found_by_name, is_installed, name_of_installed


@pytest.mark.parametrize("module", ["keras.layers", "numpy", "json", "netgain.data", "hypothesis.strategies", "pytest"])
def test_python_and_packages_are_installed(module: str) -> None:
    assert is_installed(module)


@pytest.mark.parametrize("module", ["__main__", "__mp_main__", None, "", "never_imported", __name__])
def test_own_code_is_not(module: str | None) -> None:
    assert not is_installed(module)


def test_a_module_counts_by_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without a file, or in the folder of the environment, was taken for installed: no change of it was noticed."""
    without_file = types.ModuleType("ours")
    monkeypatch.setitem(sys.modules, "ours", without_file)
    assert not is_installed("ours.inner")
    without_file.__path__ = [str(hypothesis.__path__[0])]
    assert is_installed("ours.inner")
    without_file.__path__ = ["/somewhere/else", "/or/there"]
    assert not is_installed("ours.inner")
    without_file.__file__ = hypothesis.__file__
    assert is_installed("ours.inner")
    without_file.__file__ = f"{sys.prefix}/project/ours.py"
    assert not is_installed("ours.inner")
    for folder in ("site-packages", "dist-packages"):
        without_file.__file__ = f"/another/{folder}/ours.py"
        assert is_installed("ours.inner")
    without_file.__file__ = f"{sysconfig.get_path('stdlib')}/ours.py"
    assert is_installed("ours.inner")
    monkeypatch.setitem(sys.modules, "_cython_3_1", types.ModuleType("_cython_3_1"))
    assert is_installed("_cython_3_1")


def test_names_carry_the_version_that_no_run_records(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_of_installed(hypothesis.given) == f"hypothesis.core.given {version('hypothesis')}"
    assert name_of_installed(hypothesis.strategies) == f"hypothesis.strategies. {version('hypothesis')}"
    assert name_of_installed(np.linalg.norm) == "numpy.linalg.norm"
    assert name_of_installed(types.SimpleNamespace) == "types.SimpleNamespace"
    assert name_of_installed(max) == "builtins.max"
    assert name_of_installed(object.__new__) == ".object.__new__"
    with_version, without = types.ModuleType("not_a_package.inner"), types.ModuleType("not_a_package_either")
    monkeypatch.setitem(sys.modules, "not_a_package", types.SimpleNamespace(__version__="7"))
    assert name_of_installed(with_version) == "not_a_package.inner. 7"
    assert name_of_installed(without) == "not_a_package_either. "


def test_a_function_that_a_function_made_is_not_found_by_its_name() -> None:
    def made() -> None:
        pass

    assert is_found_by_name(hypothesis.given)
    assert is_found_by_name(Path.exists)
    assert is_found_by_name(types.SimpleNamespace)  # pyright: ignore[reportArgumentType]
    assert not is_found_by_name(made)
