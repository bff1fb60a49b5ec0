"""Where the plateau of blanks begins and ends."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.studies.examine.blanks_first import Epochs, plateau


@pytest.mark.parametrize(
    ("blanks", "found"),
    [
        ([0.1, 1.0, 1.0, 0.8, 0.7], (1, 2)),
        ([1.0, 0.995, 0.5], (0, 1)),
        ([0.1, 1.0, 1.0], (1, 2)),
        ([0.1, 1.0, 0.5, 1.0, 0.9], (1, 1)),
        ([0.1, 0.98, 0.7], None),
    ],
)
def test_the_plateau_is_the_first_stretch_of_blanks(blanks: list[float], found: tuple[int, int] | None) -> None:
    assert plateau(Epochs(np.array(blanks), np.zeros(5), np.zeros(5))) == found
