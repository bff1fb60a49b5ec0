"""The numbers of a network are the same, to the last bit, whoever trains it."""

import hashlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest

from netgain.experiment.augmentation import Augmentation
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.results.run import run
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.record import RunResult
from netgain.tasks.classification.recipe import Recipe

SEEDS = 2


def a_study() -> Study:
    """Two arms with all that is drawn at random: weights, masks, the order of the images and their augmentation."""
    recipe = Recipe(
        dataset="digits",
        train_size=300,
        network=MLP(hidden=(12,), activation="relu", dropout={"hidden": 0.2}),  # pyright: ignore
        optimizer=Optimizer("adam", 0.01),
        augmentation=Augmentation(rotation=10, copies=((5, 20),)),
        batch_size=32,
        epochs=2,
    )
    convolution = ConvNet(filters=(4,), kernel_size=3, dropout={"hidden": 0.2})  # pyright: ignore
    return Study("executors", baseline=recipe, arms={"convolution": recipe.change("network", convolution)})


def fingerprints(result: StudyResult) -> dict[tuple[str, int], str]:
    return {(arm, one.seed): fingerprint(one) for arm, runs in result.runs.items() for one in runs}


def fingerprint(one: RunResult) -> str:
    """Of histories, scores and saved weights; the file of the network has the time of day in it."""
    digest = hashlib.sha256(json.dumps(one.history, sort_keys=True).encode())
    for array in (one.right, *(one.arrays[name] for name in sorted(one.arrays)), *saved_weights(one)):
        digest.update(f"{array.dtype}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()


def saved_weights(one: RunResult) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    with zipfile.ZipFile(io.BytesIO(one.model)) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(lambda _, item: found.append(np.asarray(item)) if isinstance(item, h5py.Dataset) else None)
    assert found
    return found


@pytest.fixture(scope="module")
def expected() -> dict[tuple[str, int], str]:
    """What netgain's own pool gives."""
    found = fingerprints(run(a_study(), SEEDS, RunOptions(store=None, workers=2)))
    assert len(set(found.values())) == 2 * SEEDS
    return found


@contextmanager
def dask_threads():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor(pure=False)


EXECUTORS: dict[str, Callable[[], AbstractContextManager[Executor]]] = {
    "threads": lambda: ThreadPoolExecutor(2),
    "forked processes of one that uses JAX": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("fork")),
    "spawned processes": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
    "threads of Dask": dask_threads,
}


@pytest.mark.filterwarnings("ignore:os.fork.. was called:RuntimeWarning")  # JAX', of which the child makes no use
@pytest.mark.parametrize("name", EXECUTORS)
def test_every_executor_gives_the_bits_of_the_own_pool(name: str, expected: dict[tuple[str, int], str]) -> None:
    import jax

    jax.devices()  # JAX has started in this process
    with EXECUTORS[name]() as executor:
        assert fingerprints(run(a_study(), SEEDS, RunOptions(store=None, executor=executor))) == expected


USES_JAX_FIRST = """
    import os
    os.environ["KERAS_BACKEND"] = "jax"
    import jax
    jax.devices()  # with as many threads as it likes
    import sys
    from concurrent.futures import ThreadPoolExecutor
    sys.path.insert(0, {folder!r})
    import test_executors as here
    with ThreadPoolExecutor(2) as executor:
        print(here.fingerprints(here.run(here.a_study(), 1, here.RunOptions(store=None, executor=executor))))
"""


@pytest.mark.parametrize("kernels", ["", "none"])
def test_threads_of_a_process_that_had_used_jax_before(
    kernels: str, expected: dict[tuple[str, int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETGAIN_KERNELS", kernels)
    script = textwrap.dedent(USES_JAX_FIRST.format(folder=str(Path(__file__).parent)))
    several = {name: value for name, value in os.environ.items() if name not in ("NPROC", "OMP_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", script], env=several, capture_output=True, text=True, check=True)
    own = fingerprints(run(a_study(), 1, RunOptions(store=None, workers=1))) if kernels else expected
    assert done.stdout.strip() == repr({key: value for key, value in own.items() if key[1] == 0})
