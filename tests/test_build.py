"""The kernels are built by the installation, and a machine that cannot build them is told so and goes on."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

from netgain.engine import kernels

ROOT = Path(__file__).parent.parent
hatchling = pytest.importorskip("hatchling", reason="the build backend is not installed here")


def build_hook(folder: Path) -> Any:
    """The hook of `hatch_build.py` on a copy of the sources."""
    specification = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    sources = folder / module.SOURCES
    shutil.copytree(ROOT / module.SOURCES, sources, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return module.KernelBuildHook(str(folder), {}, None, None, str(folder), "wheel")


@pytest.mark.skipif(not shutil.which("g++"), reason="no C++ compiler")
def test_kernels_are_there_where_they_can_be_built() -> None:
    assert "basic" in kernels.available()


def test_without_a_compiler_it_is_said_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    data: dict[str, Any] = {"force_include": {}}
    build_hook(tmp_path).initialize("standard", data)
    assert data == {"force_include": {}}
    assert "training will be slower" in capsys.readouterr().err


def test_a_compiler_that_fails_is_no_error_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CXX", "false")
    build_hook(tmp_path).initialize("standard", {"force_include": {}})
    assert "no basic kernels" in capsys.readouterr().err
