"""How well generated digits are told from real ones: by their ink, a linear classifier, a network, their own critic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.experiment.measurement import Measurement
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import OPEN, Figure, Findings, Statement
from netgain.stats.shared_error import mean_with_errors
from netgain.stats.two_sample import two_sample_test

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import Dataset
    from netgain.runs.record import RunResult
    from netgain.stats.estimate import Estimate
    from netgain.tasks.generation.recipe import Generator

GENERATOR = "generator"
INK, LINEAR, NETWORK, CRITIC = "amount of ink", "linear classifier", "small network", "its own critic"
WAYS = (INK, LINEAR, NETWORK, CRITIC)
GENERATED, FLOOR = "generated digits", "training digits (floor)"
AGAINST = (GENERATED, FLOOR)
"""What real test digits are told from."""

RIDGE = 1e-3
"""Of the linear classifier: added to the variance of each pixel, whose white is 1; at the border it has none."""


def examine(given: DemonstrationInput) -> Findings:
    """The area under the ROC curve of every way to tell, against generated digits and against training digits."""
    measured = np.stack([MEASUREMENT.of(run) for run in given.finished(GENERATOR)])
    areas = {
        (way, other): mean_with_errors(
            measured[:, row, column, 0],
            measured[:, row, column, 1],
            measured[:, row, column, 2],
            given.images.num_test // 2,
        )
        for row, way in enumerate(WAYS)
        for column, other in enumerate(AGAINST)
    }
    return Findings(tuple(statements(areas)), {"told-apart": Figure(_frame(areas), _draw, _IN_WORDS)})


_IN_WORDS = (
    "Area under the ROC curve of the amount of ink, a linear classifier, a small network and the critic: against "
    "generated digits, and against training digits as the floor, with intervals of one standard error."
)


def told_apart(runs: Sequence[tuple[RunResult, Generator]], dataset: Dataset) -> list[np.ndarray]:
    """Of each run the area, its error from the real images and from the others, float64 `[ways, 2, 3]`."""
    found = []
    for run, recipe in runs:
        others = run.arrays["generated"], recipe.parts_of(dataset).x_train[: dataset.num_test]
        # The critic's logit is large for real images; a score is large for those that it takes for generated ones.
        critic = [-run.arrays[f"critic_{sample}"] for sample in ("test", "generated", "train")]
        samples = [
            {**_of_images(dataset.x_test, sample, recipe, run.seed), CRITIC: (critic[0], critic[1 + column])}
            for column, sample in enumerate(others)
        ]
        found.append(np.array([[_area(*sample[way]) for sample in samples] for way in WAYS]))
    return found


MEASUREMENT = Measurement("fakes-told-apart", told_apart)


def _area(real: np.ndarray, others: np.ndarray) -> tuple[float, float, float]:
    test = two_sample_test(*(scores[held_out(len(scores))] for scores in (real, others)))
    return test.area, test.first_error, test.second_error


def held_out(number: int) -> np.ndarray:
    """Which of so many images judge; the others train. A random half, as generated ones come in order of class.

    >>> int(held_out(1000).sum())
    500
    """
    return np.random.default_rng(0).permutation(number) % 2 == 1


def _of_images(real: np.ndarray, others: np.ndarray, recipe: Generator, seed: int) -> dict[str, tuple[np.ndarray, ...]]:
    """The scores of both samples by the ways that look at the images alone, all of them trained on one half."""
    samples = real, others
    train = [images[~held_out(len(images))] for images in samples]
    flat = [_pixels(images) for images in samples]
    ink = [pixels.mean(axis=1) for pixels in flat]
    sign = np.sign(ink[1][~held_out(len(others))].mean() - ink[0][~held_out(len(real))].mean()) or 1.0
    weights = linear_weights(*(_pixels(images) for images in train))
    network = _network_scores(train, samples, recipe, seed)
    return {
        INK: tuple(sign * amount for amount in ink),
        LINEAR: tuple(pixels @ weights for pixels in flat),
        NETWORK: network,
    }


def _pixels(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 255


def linear_weights(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Fisher's linear discriminant (1936) of two samples of pixels `[n, d]`: larger scores for the second.

    The covariance is that of both, with :data:`RIDGE` on its diagonal.
    """
    both = np.concatenate([first - first.mean(axis=0), second - second.mean(axis=0)]).astype(np.float64)
    covariance = both.T @ both / len(both)
    covariance[np.diag_indices_from(covariance)] += RIDGE
    return np.linalg.solve(covariance, second.mean(axis=0) - first.mean(axis=0))


def _network_scores(
    train: Sequence[np.ndarray], samples: Sequence[np.ndarray], recipe: Generator, seed: int
) -> tuple[np.ndarray, ...]:
    """What a network with the judge's recipe, trained to tell the two samples apart, says of every image of both."""
    from netgain.data import Dataset
    from netgain.engine.compiled import CompiledFunctions
    from netgain.tasks.generation.judge import train_judge

    mixed = np.random.default_rng(seed).permutation(sum(map(len, train)))
    images, labels = np.concatenate(train), np.repeat([0, 1], [len(each) for each in train])
    of_both = np.repeat([0, 1], [len(each) for each in samples])
    made = Dataset(images[mixed], labels[mixed], np.concatenate(samples), of_both, name="two", value_range=(0, 255))
    scores = train_judge(recipe.judge, made, seed, CompiledFunctions()).scores_test
    odds = scores[:, 1].astype(np.float64) - scores[:, 0]
    return odds[: len(samples[0])], odds[len(samples[0]) :]


Areas = Mapping[tuple[str, str], "Estimate"]


def statements(areas: Areas) -> list[Statement]:
    """What the areas under the curves say; a comparison holds where their 95 % intervals do not overlap."""

    def told(way: str, other: str = GENERATED) -> str:
        found = areas[way, other]
        training = "" if found.training is None else f" ± {found.training:.3f}"
        return f"{way} {found.value:.3f} ± {found.test_sample:.3f}{training}"

    def above(way: str, other: str) -> bool:
        return areas[way, GENERATED].interval().is_above(areas[other, GENERATED].interval())

    def undecided(way: str, other: str) -> str:
        return "" if above(way, other) or above(other, way) else OPEN

    floors = ", ".join(told(way, FLOOR) for way in WAYS)
    best = max(WAYS, key=lambda way: areas[way, GENERATED].value)
    within = all(abs(areas[way, FLOOR].value - 0.5) < 0.05 for way in (INK, LINEAR, NETWORK))
    return [
        Statement(
            "Generated digits are told from real ones by a small network better than by a linear classifier",
            above(NETWORK, LINEAR),
            f"AUC {told(NETWORK)}; {told(LINEAR)}{undecided(NETWORK, LINEAR)}",
        ),
        Statement(
            "Generated digits are told from real ones by a linear classifier better than by their ink",
            above(LINEAR, INK),
            f"AUC {told(LINEAR)}; {told(INK)}{undecided(LINEAR, INK)}",
        ),
        Statement(
            "Their own critic, against which the generator has learnt, tells them worse than a fresh network",
            above(NETWORK, CRITIC),
            f"largest with “{best}”; AUC {told(CRITIC)}; {told(NETWORK)}{undecided(NETWORK, CRITIC)}",
        ),
        Statement(
            "The floor is near guessing: fresh classifiers hardly tell test digits from training digits",
            within,
            f"AUC against training digits: {floors}",
        ),
    ]


def _frame(areas: Areas) -> pandas.DataFrame:
    import pandas

    rows: list[dict[str, Any]] = []
    for (way, other), found in areas.items():
        error = float(np.hypot(found.test_sample, found.training or 0.0))
        rows.append(
            {"told by": way, "told from real test digits": other, "AUC": found.value,
             "test sample error": found.test_sample, "training error": found.training,
             "low": found.value - error, "high": found.value + error}
        )  # fmt: skip
    return pandas.DataFrame(rows)


def _draw(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    colours = alt.Scale(domain=list(AGAINST), range=[ARM_COLOURS[1], "#777777"])
    shapes = alt.Scale(domain=list(AGAINST), range=["circle", "diamond"])
    legend = alt.Legend(orient="bottom", title=None, labelLimit=300)
    ends = min(0.45, *frame["low"].tolist()), max(0.65, *frame["high"].tolist())
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    base = alt.Chart(frame).encode(
        y=alt.Y("told by:N", sort=list(WAYS), title=None),
        color=alt.Color("told from real test digits:N", scale=colours, legend=legend, sort=list(AGAINST)),
        yOffset=alt.YOffset("told from real test digits:N", sort=list(AGAINST)),
    )
    x = alt.X("AUC:Q", title="area under the ROC curve (AUC)", scale=scale)
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        shape=alt.Shape("told from real test digits:N", scale=shapes, legend=legend, sort=list(AGAINST)),
        tooltip=["told by:N", "told from real test digits:N", alt.Tooltip("AUC:Q", format=".3f")],
    )
    bars = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"))
    guess = alt.Chart(alt.Data(values=[{"at": 0.5}])).mark_rule(color="#777777", strokeDash=[4, 4])
    guess = guess.encode(x=alt.X("at:Q", scale=scale))
    title = alt.TitleParams(
        "What tells generated digits from real ones",
        subtitle=["0.5 (dashed) is guessing. Bars: one standard error, test sample and training."],
        anchor="start",
        subtitleColor="#666",
    )
    return (guess + bars + dots).properties(width=600, height=alt.Step(26), title=title)
