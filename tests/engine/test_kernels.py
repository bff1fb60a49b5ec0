import fnmatch
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine import kernels, native
from netgain.engine.kernels import CPU_TOGETHER, GPU, KERNEL_SETS, PLAIN_JAX, available, kernels_to_use
from netgain.engine.score import score
from netgain.engine.versions import ENGINE_VERSIONS, engine_version
from netgain.errors import ComputerError
from netgain.runs.trained import open_network
from netgain.runs.training import train, train_together
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM


def test_the_best_set_is_used_or_the_one_that_the_variable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETGAIN_KERNELS", raising=False)
    assert kernels_to_use() == native.used() == [*available(), PLAIN_JAX][0]
    monkeypatch.setenv("NETGAIN_KERNELS", "none")
    assert kernels_to_use() == native.used() == "none"
    assert not native.has_kernels()
    monkeypatch.setenv("NETGAIN_KERNELS", "")
    assert kernels_to_use() == [*available(), PLAIN_JAX][0]


def test_a_set_that_does_not_exist_or_that_this_computer_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETGAIN_KERNELS", "avx9")
    with pytest.raises(ComputerError, match="NETGAIN_KERNELS is 'avx9'.* avx512, avx2, basic, none"):
        kernels_to_use()
    monkeypatch.setattr(kernels, "available", lambda: ("basic",))
    monkeypatch.setenv("NETGAIN_KERNELS", "avx512")
    expected = "'avx512' are needed, but this computer has basic, none.* Set NETGAIN_KERNELS to a set that all"
    with pytest.raises(ComputerError, match=expected):
        kernels_to_use()


def test_the_device_is_the_one_that_the_variable_names_or_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETGAIN_KERNELS", raising=False)
    monkeypatch.setattr(kernels, "cards", lambda: ("0",))
    assert kernels_to_use() == GPU
    monkeypatch.setenv("NETGAIN_DEVICE", "cpu")
    assert kernels_to_use() == [*available(), PLAIN_JAX][0]
    monkeypatch.setenv("NETGAIN_DEVICE", CPU_TOGETHER)
    assert kernels_to_use() == CPU_TOGETHER
    assert not native.has_kernels()
    monkeypatch.delenv("NETGAIN_DEVICE")
    monkeypatch.setenv("NETGAIN_KERNELS", "none")  # kernels are for the processor
    assert kernels_to_use() == PLAIN_JAX


@pytest.mark.parametrize(
    ("device", "names", "says"),
    [
        ("tpu", "", "NETGAIN_DEVICE is 'tpu', which is no device; set it to cpu or gpu"),
        ("gpu", "", "JAX finds none here.*jax.cuda12.*NETGAIN_DEVICE=cpu"),
        ("gpu", "avx2", "NETGAIN_KERNELS is 'avx2', but kernels are for the processor"),
    ],
)
def test_a_device_that_there_is_not_is_refused(
    device: str, names: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "cards", lambda: ())
    monkeypatch.setenv("NETGAIN_DEVICE", device)
    monkeypatch.setenv("NETGAIN_KERNELS", names)
    with pytest.raises(ComputerError, match=says):
        kernels_to_use()


def test_a_card_that_jax_cannot_use_is_the_computers_fault(
    small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "cards", lambda: ("0",))
    with pytest.raises(ComputerError, match="JAX cannot use the graphics card.*NETGAIN_DEVICE=cpu"):
        train_together(small_recipe, [0], kernels=GPU)


def test_only_training_takes_a_card(small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    network = open_network(train(small_recipe.change("epochs", 1), 0))
    images = load_dataset("digits").x_test[:20]
    expected = score(network, images)
    monkeypatch.delenv("NETGAIN_KERNELS", raising=False)
    monkeypatch.setattr(kernels, "cards", lambda: ("0",))
    assert kernels_to_use() == GPU
    np.testing.assert_allclose(score(network, images), expected, atol=1e-6)


def test_cards_are_those_shown_where_jax_can_use_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(kernels.Path, "glob", lambda self, pattern: _glob(self, pattern))
    assert kernels.cards() == ()
    (tmp_path / "jax_plugins" / "xla_cuda12").mkdir(parents=True)
    importlib.invalidate_caches()
    for shown, expected in ((None, ("0", "1")), ("1", ("1",)), ("", ()), ("-1", ()), ("0, 1", ("0", "1"))):
        if shown is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", shown)
        assert kernels.cards() == expected


def _glob(folder: Path, pattern: str) -> list[str]:
    """A computer with two cards, whatever this one has."""
    if folder == Path("/dev"):
        return ["nvidia0", "nvidia1"]
    return [path.name for path in folder.iterdir() if fnmatch.fnmatch(path.name, pattern)]


def test_a_worker_that_lacks_the_kernels_says_so(small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "available", lambda: ("basic",))
    with pytest.raises(ComputerError, match="'avx2' are needed, but this computer has basic, none"):
        train(small_recipe, 0, kernels="avx2")


def test_a_run_is_of_the_kernels_it_was_trained_with(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("epochs", 1)
    for name in (*available()[:1], PLAIN_JAX):
        run = train(recipe, 0, kernels=name)
        assert run.engine_version == engine_version(name)
        assert run.engine_version.endswith(f"+{name}")
        assert run.machine["kernels"] == name


def test_what_is_fitted_has_a_version_without_kernels() -> None:
    machine = SVM(dataset="digits", train_size=600)
    versions = {train(machine, 0, kernels=name).engine_version for name in (*available()[:1], PLAIN_JAX)}
    assert len(versions) == 1
    assert versions == {engine_version(None)}
    assert "+" not in versions.pop()
    assert len(set(ENGINE_VERSIONS)) == 1 + len(KERNEL_SETS)


def test_threads_choose_for_themselves() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as other, native.using("none"):
        assert native.used() == "none"
        assert other.submit(native.used).result() == kernels_to_use()


def test_the_choice_takes_no_jax() -> None:
    code = (
        "import sys, netgain.engine.versions; from netgain.engine.kernels import kernels_to_use; "
        "kernels_to_use(); print('jax' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
