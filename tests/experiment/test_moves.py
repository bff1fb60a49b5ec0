import pytest

from netgain.errors import UnknownNameError
from netgain.experiment.moves import Candidate, Move, moves_from
from netgain.experiment.techniques import TECHNIQUES, Technique
from netgain.tasks.recipes import load_recipe

SMALL = load_recipe("small-sample")


def test_every_technique_at_every_strength_is_possible_or_refused_with_a_reason():
    found = moves_from(Candidate(SMALL))
    each = {Move(one.name, value) for one in TECHNIQUES.values() for value in {*one.values, one.default}}
    assert {one.moves[-1] for one in found.possible} | set(found.refused) == each
    assert all(found.refused.values())


def test_a_new_technique_is_a_new_move():
    new = Technique(
        name="new", strength="epochs", default=7, values=(7, 9), change=lambda one, n: one.change("epochs", n)
    )
    found = moves_from(Candidate(SMALL), techniques={"new": new})
    assert [(one.last, one.recipe.epochs) for one in found.possible] == [("new 7", 7), ("new 9", 9)]


def test_moves_in_vain_and_switched_off_ones_say_why():
    changed = SMALL.change("network.dropout", 0.2).change("train_size", 20_000)
    found = moves_from(Candidate(changed), without=["rotation"])
    assert found.refused[Move("dropout", 0.2)] == "changes nothing"
    assert found.refused[Move("more images", 10_000)] == "would train on fewer images"
    assert found.refused[Move("rotation", 15.0)] == "switched off"
    with pytest.raises(UnknownNameError, match="did you mean 'rotation'"):
        moves_from(Candidate(SMALL), without=["rotations"])
