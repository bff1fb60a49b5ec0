import contextlib

from benchmarks.configurations import NETGAIN
from benchmarks.results import accuracies
from benchmarks.session import Session

from benchmarks import comparing

PEER = "PyTorch eager, two one-thread processes"


def test_every_repeat_trains_networks_of_its_own_in_whatever_session(empty, monkeypatch, tmp_path):
    def seed_of(program):
        return program.job["seed"] if "recipe" in program.job else program.job["networks"][0]["seed"]

    def answer(programs):
        epochs = [(0, 50), (60, 62), (62, 64)]
        return [
            {"epochs": epochs, "accuracies": [seed_of(program) / 100], "peak_mb": 1.0, "versions": {}}
            for program in programs
        ]

    monkeypatch.setattr(comparing, "run_together", answer)
    monkeypatch.setattr(comparing, "images_file", lambda: contextlib.nullcontext(tmp_path / "images.npz"))
    for rounds, session in ((1, "first"), (3, "second"), (4, "third")):
        comparing.measure_tasks(Session(empty, rounds, only=PEER, tasks=("T1",), name=session))
    for name in (NETGAIN, PEER):
        measurements = empty.measurements("tasks", "T1", name)
        seeds = [seed for measurement in measurements for seed in measurement["seeds"]]
        assert len(measurements) == 4
        assert len(set(seeds)) == 2 * 4
        assert accuracies(measurements) == [seed / 100 for seed in seeds]
