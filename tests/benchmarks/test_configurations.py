import ast
from pathlib import Path

import pytest
from benchmarks.comparing import peer_job, program_for
from benchmarks.configurations import ALONE, CONFIGURATIONS, NETGAIN, NETGAIN_ALONE, SCRIPTS, configurations_for
from benchmarks.measuring import PEERS_PYTHON, ROOT
from benchmarks.tasks import TASKS, layers_of, network_for_peers

from benchmarks import study
from netgain.tasks.classification.recipe import Recipe

EVERY = CONFIGURATIONS + ALONE
PEERS = ROOT / "benchmarks" / "peers"


def test_names_are_different_and_tasks_are_known():
    assert len({configuration.name for configuration in EVERY}) == len(EVERY)
    assert all(set(configuration.tasks) <= set(TASKS) for configuration in EVERY)


@pytest.mark.parametrize("task", TASKS)
def test_netgain_comes_first_and_every_library_has_a_default_and_a_faster_way(task):
    configurations = configurations_for(task)
    assert [configuration.name == NETGAIN for configuration in configurations] == [True] + [False] * (
        len(configurations) - 1
    )
    assert configurations_for(task, ALONE)[0].name == NETGAIN_ALONE
    by_library = {c.library: [d.default for d in configurations if d.library == c.library] for c in configurations[1:]}
    assert all(set(defaults) == {True, False} for defaults in by_library.values())
    assert {"PyTorch", "Keras on TensorFlow", "Keras on torch", "Keras on JAX"} <= set(by_library)


def test_what_does_other_work_says_so():
    assert all(bool(c.other_work) == (c.library == "scikit-learn") for c in EVERY)


def test_two_processes_have_one_thread_each():
    assert all(c.threads == 1 and c.environment["OMP_NUM_THREADS"] == "1" for c in EVERY if c.processes == 2)


def test_only_netgain_may_use_netgain():
    for configuration in EVERY:
        program = program_for(TASKS["T1"], configuration, 3, Path("images.npz"), 60_000, {0})
        own = configuration.library == "netgain"
        assert (program.command[0] == str(PEERS_PYTHON)) is not own
        assert ("recipe" in program.job) is own
        if own:
            assert Recipe.from_toml(program.job["recipe"]) == TASKS["T1"].recipe


@pytest.mark.parametrize("path", sorted(PEERS.glob("*.py")), ids=lambda path: path.stem)
def test_peer_scripts_parse_and_import_nothing_of_ours(path):
    imported = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import)
    ]
    assert not [name for name in imported if (name or "").split(".")[0] in {"netgain", "benchmarks"}]


def test_every_script_is_there():
    assert {f"{name}.py" for name in SCRIPTS.values()} < {path.name for path in PEERS.iterdir()}


def test_peers_get_the_recipe_and_the_constants_of_its_optimizer():
    network = network_for_peers(TASKS["T4"].recipe, 7)
    assert network["optimizer"] == {"name": "adadelta", "learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-7}
    assert (network["seed"], network["batch_size"], network["loss"]) == (7, 128, "categorical_crossentropy")
    assert [layer["kind"] for layer in network["layers"]] == [
        "conv", "pool", "conv", "pool", "flatten", "dropout", "dense", "dropout", "dense", "dropout", "dense",
    ]  # fmt: skip
    assert layers_of(TASKS["T2"].recipe)[0] == {"kind": "dropout", "rate": 0.2}
    assert layers_of(TASKS["T1"].recipe)[-1] == {"kind": "dense", "units": 10, "activation": "sigmoid"}
    assert [layer["kind"] for layer in layers_of(TASKS["T5"].recipe)] == ["rows", "recurrent", "dense"]
    assert [layer["kind"] for layer in layers_of(TASKS["T6"].recipe)] == [
        *["conv", "pool"] * 3, "columns", "dropout", "recurrent", "dropout", "dense",
    ]  # fmt: skip
    assert network_for_peers(TASKS["T6"].recipe, 7)["loss"] == "ctc"


def test_peers_refuse_work_they_cannot_do():
    for path, value in (("optimizer", "nadam"), ("network.initial_weights", "unit_normal")):
        with pytest.raises(TypeError, match="the peer scripts know"):
            network_for_peers(TASKS["T1"].recipe.change(path, value), 0)


def test_a_job_has_what_the_scripts_read():
    job = peer_job(CONFIGURATIONS[1], Path("images.npz"), 100, 2, [])
    text = "".join(path.read_text(encoding="utf-8") for path in PEERS.glob("*.py"))
    assert all(f'job["{key}"]' in text for key in job)


@pytest.mark.parametrize("num_processes", [1, 2])
def test_a_study_s_networks_are_shared_out_evenly(num_processes):
    recipe = TASKS["T1"].recipe
    shares = study.shared_out([("baseline", recipe), ("arm", recipe)], num_processes)
    assert sorted((arm, seed) for share in shares for arm, seed, _ in share) == sorted(
        (arm, seed) for arm in ("arm", "baseline") for seed in range(5)
    )
    counts = [sum(arm == "arm" for arm, _, _ in share) for share in shares]
    assert max(counts) - min(counts) <= 1


def test_the_study_s_peers_are_configurations():
    assert set(study.PEERS) <= {configuration.name for configuration in CONFIGURATIONS}
