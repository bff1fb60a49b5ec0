"""What the suite sets for itself changes no number."""

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from netgain.engine.kernels import available
from netgain.networks.families.convnet import ConvNet
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

from .conftest import pytest_xdist_make_scheduler

NETWORK = ConvNet(filters=(3,), kernel_size=3, dense=(6,), dropout=0.1, l2=1e-3)
RECIPE = Recipe(dataset="digits", train_size=360, network=NETWORK, optimizer="adam", batch_size=20, epochs=2)
TRAINS = """
from netgain.engine.setup import prepare_jax, use_one_thread

use_one_thread()
prepare_jax()
import sys
from netgain.runs.training import train
from netgain.tasks.recipes import load_recipe

sys.stdout.write(train(load_recipe("recipe.toml"), 0).test_scores.tobytes().hex())
"""


@pytest.mark.skipif(not available(), reason="plain JAX adds up in another order at another level")
def test_xla_optimising_less_gives_the_same_bits(tmp_path: Path) -> None:
    RECIPE.save(tmp_path / "recipe.toml")
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    done = subprocess.run(
        [sys.executable, "-c", TRAINS], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == train(RECIPE, 0).test_scores.tobytes().hex()


def test_tests_that_share_what_takes_long_to_make_go_to_one_worker() -> None:
    names = ["web/test_play.py::test_a", "web/test_play.py::test_b", "data/test_ink.py::test_a",
             "web/test_guard.py::test_a", "data/test_ink.py::test_b[@]"]  # fmt: skip
    config = mock.Mock(**{"getoption.return_value": "load", "getvalue.return_value": ["popen", "popen"]})
    scheduler = pytest_xdist_make_scheduler(config, None)
    workers = [mock.Mock(workerinput={}), mock.Mock(workerinput={})]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, [f"tests/{name}" for name in names])
    scheduler.schedule()
    given = [[call.args[0] for call in worker.send_runtest_some.call_args_list] for worker in workers]
    assert given == [[[0, 1, 3]], [[2, 4]]]
