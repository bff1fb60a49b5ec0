"""The guarantee of `netgain improve`, by simulated climbs through its own decisions."""

from validation.improving import LIMIT, chosen_by_select, climbed, simulate


def test_climbs_do_not_end_worse_than_the_start_more_often_than_they_may():
    found = simulate(climbed, 200)
    assert found.worse.low <= LIMIT, str(found)
    assert found.num_better > 60, str(found)  # of the 100 in which a move helps


def test_choosing_without_a_proof_ends_worse_more_often_than_that():
    found = simulate(chosen_by_select, 60)
    assert found.worse.low > LIMIT, str(found)
