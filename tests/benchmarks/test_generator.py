"""T7's jobs, and that both sides train the same networks."""

import json
from pathlib import Path

import pytest
from benchmarks.configurations import NETGAIN
from benchmarks.generator import RECIPES, STEPS, configurations, measured, measured_programs, network_for_peers
from benchmarks.measuring import ROOT

from benchmarks import generator
from netgain.tasks.generation.recipe import Generator


def test_netgain_comes_first_and_pytorch_needs_no_compiler() -> None:
    names = [configuration.name for configuration in configurations()]
    assert names[0] == NETGAIN
    assert "PyTorch channels_last, two one-thread processes" in names
    assert not any(c.options.get("compile") or c.library not in {"netgain", "PyTorch"} for c in configurations())


@pytest.mark.parametrize(("group", "weight"), [("T7", 0.0), ("T7 with R1", 1.0)])
def test_peers_get_the_same_networks(group: str, weight: float) -> None:
    recipe, network = RECIPES[group], network_for_peers(RECIPES[group], 3)
    assert network["r1"] == weight
    assert (network["latent"], network["batch_size"], network["seed"]) == (64, 128, 3)
    assert network["adam"] == {"lr": 0.001, "betas": [0.0, 0.99], "eps": 1e-7}
    assert recipe.generator.build_generator((28, 28, 1), 10).count_params() == _generator_weights(
        network["latent"], network["generator_filters"]
    )


def _generator_weights(latent: int, filters: list[int]) -> int:
    """As the layers of `peers/pytorch_generator.py` have them, with the moments of batch normalization."""
    first, second = filters
    return 10 * latent + 2 * latent * 49 * first + 4 * first + 16 * first * second + 4 * second + 16 * second + 1


def test_every_job_has_what_its_script_reads() -> None:
    text = "".join((ROOT / "benchmarks" / path).read_text() for path in ("own_generator.py", "peers/shared.py"))
    peers = text + (ROOT / "benchmarks/peers/pytorch_generator.py").read_text()
    for configuration in configurations():
        for program in measured_programs(RECIPES["T7"], configuration, 1, Path("images.npz")):
            own = configuration.library == "netgain"
            assert all(f'job["{key}"]' in (text if own else peers) for key in program.job)
            if own:
                assert Generator(**json.loads(json.dumps(program.job["recipe"]))) == RECIPES["T7"]


def test_seconds_are_those_of_a_step_of_one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(programs: list[object]) -> list[dict[str, object]]:
        epochs = [(0, 50), (60, 80), (80, 100)]
        return [{"epochs": epochs, "peak_mb": 1.0, "versions": {}} for _ in programs]

    monkeypatch.setattr(generator, "run_together", answers)
    for configuration in configurations():
        values = measured(RECIPES["T7"], configuration, 2, Path("images.npz"))
        assert values["seconds"] == pytest.approx(20 / STEPS / configuration.processes)
        assert len(set(values["seeds"])) == configuration.processes
