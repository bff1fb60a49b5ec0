import pandas
import pytest

from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

ROWS = [
    {"start": start, "epoch": epoch, "seed": seed, "loss": 10.0 ** (-epoch) * (seed + 1)}
    for start in ("one", "two")
    for epoch in range(3)
    for seed in range(2)
]


def test_over_seeds() -> None:
    frame = over_seeds(ROWS, "loss")
    assert frame.columns.tolist() == ["start", "epoch", "mean", "lowest", "highest", "seeds"]
    assert frame.iloc[0].tolist() == ["one", 0, 1.5, 1.0, 2.0, 2]
    assert len(frame) == 6


def drawn(frame: pandas.DataFrame, log: bool = False) -> str:
    chart = curves(frame, x=("epoch", "epoch"), y=("mean", "loss"), by="start", title="Loss", log=log)
    return str(chart.to_dict())


def test_whole_numbers_get_whole_ticks() -> None:
    assert "'values': [0, 1, 2]" in drawn(over_seeds(ROWS, "loss"))
    assert "'values': [0, 1, 2]" not in drawn(over_seeds(ROWS, "loss").assign(epoch=[0.5, 1.5, 2.5] * 2))


def test_a_logarithmic_axis_has_a_tick_a_decade() -> None:
    assert "'values': [0.01, 0.1, 1.0, 10.0]" in drawn(over_seeds(ROWS, "loss"), log=True)


@pytest.mark.parametrize(("seeds", "words"), [((3,), "One seed."), ((0, 1), "Line: mean over 2 seeds")])
def test_seeds_in_words(seeds: tuple[int, ...], words: str) -> None:
    assert seeds_in_words(seeds).startswith(words)
