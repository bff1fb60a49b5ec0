import sys

import pytest
from benchmarks.measuring import NotMeasuredError, Program, overlapping_epochs, per_network, run_together, timed_command

PROGRAM = """
import sys
from benchmarks.peers.shared import Clock, answer, read_job
job = read_job()
clock = Clock(job["wait"])
for _ in range(3):
    with clock.epoch():
        pass
answer(clock, [job["accuracy"]], ["numpy"])
"""


def program(text: str, **job: object) -> Program:
    return Program([sys.executable, "-c", text], job, {})


def test_two_programs_begin_their_second_epoch_together():
    answers = run_together([program(PROGRAM, wait=True, accuracy=value) for value in (0.5, 0.6)], 60)
    assert [answer["accuracies"] for answer in answers] == [[0.5], [0.6]]
    first_epochs_over = max(answer["epochs"][0][1] for answer in answers)
    assert all(answer["epochs"][1][0] >= first_epochs_over for answer in answers)
    assert all(answer["peak_mb"] > 5 and "numpy" in answer["versions"] for answer in answers)


def test_a_program_that_takes_too_long_is_left_out_and_ended():
    with pytest.raises(NotMeasuredError, match="left out, over 1 s"):
        run_together([program("import time; time.sleep(60)", wait=False)], 1)
    with pytest.raises(NotMeasuredError, match=r"left out, over 0\.5 s"):
        timed_command([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.5)


@pytest.mark.parametrize("wait", [True, False])
def test_a_program_that_fails_is_named_by_its_last_line(wait):
    with pytest.raises(NotMeasuredError, match="failed: SystemExit|failed: no memory"):
        run_together([program("import sys; sys.exit('no memory')", wait=wait)], 60)
    with pytest.raises(NotMeasuredError, match="failed: no memory"):
        timed_command([sys.executable, "-c", "import sys; sys.exit('no memory')"])


def test_a_command_s_seconds_and_words():
    seconds, printed = timed_command([sys.executable, "-c", "print('done')"])
    assert seconds > 0
    assert printed == "done\n"


def test_the_cost_of_a_network_is_shared_and_the_first_epoch_left_out():
    alone = [{"epochs": [(0, 50), (50, 52), (52, 54), (54, 57)]}]
    assert per_network(alone) == 2
    two = [{"epochs": [(0, 50), (60, 62), (62, 64)]}, {"epochs": [(0, 60), (60, 64), (64, 70)]}]
    assert overlapping_epochs(two) == [[2, 2], [4]]
    assert per_network(two) == 1.5
