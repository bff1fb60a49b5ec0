"""A study's result in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netgain.engine.kernels import GPU
from netgain.experiment.study import BASELINE
from netgain.report.arm_tables import gaps_of
from netgain.report.claims import claim_sentence
from netgain.report.figures import figure_sentences
from netgain.report.measure_words import judged_items, kind_of_items, training_items
from netgain.report.ratios import ratio_sentences
from netgain.results.claims import judged_claims
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunStatus
from netgain.stats import survival_sentence
from netgain.stats.rounding import error_in_points, signed


def study_sentences(result: StudyResult) -> list[str]:
    """All statements on the result, one or two sentences each: verdicts with their cost first."""
    return [
        *_verdicts(result),
        *ratio_sentences(result),
        *figure_sentences(result),
        *survival_sentences(result).values(),
        *_against_the_lecture(result),
        *_gaps(result),
        *_seconds(result),
        *_what_went_wrong(result),
        *_mixed_hardware(result),
        *(result.study.remarks(result) if result.study.remarks else ()),
        *map(str, result.findings.statements),
    ]


def verdict_sentence(result: StudyResult, arm: str) -> str:
    """The verdict on an arm: what was compared, the effect and its errors, and what it costs."""
    other, items = result.study.other(arm), kind_of_items(result.measure)
    if arm in result.checks:
        said = result.checks[arm].sentence(other, result.items, items)
    else:
        said = result.verdicts[arm].sentence(other, result.items, items, result.measure.name)
    return f"{said} {cost_sentence(result, arm)}"


def cost_sentence(result: StudyResult, arm: str) -> str:
    """What an arm costs in training time."""
    cost = result.costs[arm]
    spread = f" ± {cost.spread:.2f}" if cost.spread is not None else ""
    other = result.study.other(arm)
    whose = "the baseline's" if other == BASELINE else f"{other}'s"
    seconds = seconds_in_words(mean_seconds(result, other))
    return f"Training takes {cost.ratio:.2f}{spread} times {whose} {seconds} per network."


def seconds_in_words(seconds: float) -> str:
    """Seconds with the digits that matter.

    >>> [seconds_in_words(seconds) for seconds in (0.0001, 0.0024, 0.04, 3.6, 120)]
    ['< 1 ms', '2 ms', '0.04 s', '3.6 s', '120 s']
    """
    if seconds < 0.005:
        return f"{1000 * seconds:.0f} ms" if seconds >= 0.001 else "< 1 ms"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 100 else f"{seconds:.0f} s"


def mean_seconds(result: StudyResult, name: str) -> float:
    """Mean seconds to train and score one network of an arm, without compiling."""
    runs = result.judged(name)
    return sum(run.run_seconds for run in runs) / len(runs)


def _verdicts(result: StudyResult) -> Iterator[str]:
    if not result.study.arms:
        accuracy = result.accuracies[BASELINE]
        low, high = (100 * limit for limit in (accuracy.interval().low, accuracy.interval().high))
        interval = "" if accuracy.is_all_or_none else f", 95 % interval {low:.2f} to {high:.2f} %"
        yield (
            f"{result.study.label(BASELINE)} on {result.items}, {_seeds(len(result.judged(BASELINE)))}: "
            f"{result.measure.name} {accuracy}{interval}; "
            f"{seconds_in_words(mean_seconds(result, BASELINE))} per network."
        )
    for arm in result.verdicts:
        yield verdict_sentence(result, arm)
    for verdict in list(result.verdicts.values())[:1]:
        yield verdict.difference.assumed_of(kind_of_items(result.measure))


def survival_sentences(result: StudyResult) -> dict[str, str]:
    """Of a study on shifted test images each arm's verdict with and without the shift; else nothing."""
    shift, without = result.study.shift_in_words, result.verdicts_without_shift
    return {arm: survival_sentence(verdict, result.verdicts[arm], shift) for arm, verdict in without.items()}


def _against_the_lecture(result: StudyResult) -> Iterator[str]:
    for name, figure in result.study.lecture.items():
        yield f"{result.study.label(name)}: lecture {100 * figure:.2f} % — netgain {result.accuracies[name]}."
    for claim in judged_claims(result):
        yield claim_sentence(result, claim)


def _gaps(result: StudyResult) -> Iterator[str]:
    gaps, measure = gaps_of(result), result.measure
    if not gaps:
        return
    told = ", ".join(
        f"{result.study.label(name)} {signed(100 * gap.gap)} ± {error_in_points(gap.standard_error)}"
        for name, gap in gaps.items()
    )
    yield (
        f"Overtraining (gap: {measure.name} on {training_items(measure)} minus {measure.name} on "
        f"{judged_items(measure)}): {told} percentage points."
    )


def _seconds(result: StudyResult) -> Iterator[str]:
    num_networks = sum(len(runs) for runs in result.runs.values())
    total = seconds_in_words(result.training_seconds)
    networks = "one network took" if num_networks == 1 else f"{num_networks} networks took"
    yield f"The training of {networks} {total} in total, {trained_on(result)}."


def trained_on(result: StudyResult) -> str:
    """What each network of a study had for its training.

    A network of a graphics card is trained with others, and its seconds are its share.
    """
    on_card = [GPU in run.engine_version for runs in result.runs.values() for run in runs]
    if not any(on_card):
        return "one thread each"
    return "each its share of a graphics card" if all(on_card) else "one thread or a share of a graphics card each"


def _what_went_wrong(result: StudyResult) -> Iterator[str]:
    for name in result.study.arms:
        if name not in result.verdicts:
            other = result.study.other(name)
            whose = "the baseline" if other == BASELINE else other
            counts = f"{_seeds(len(result.judged(name)))} with scores, against {len(result.judged(other))} of {whose}"
            yield f"{name} is not judged: {counts}; train the failed runs again with --retry-failed."
    for arm, runs in result.runs.items():
        name = result.study.label(arm)
        failed = [run for run in runs if run.status is RunStatus.FAILED]
        diverged = [str(run.seed) for run in runs if run.status is RunStatus.DIVERGED]
        if failed:
            seeds = ", ".join(str(run.seed) for run in failed)
            yield (
                f"{name}: {len(failed)} of {len(runs)} runs failed (seed {seeds}) and have no scores; the numbers "
                f"are those of the others. The first failed with: {failed[0].failure}."
            )
        if diverged:
            yield (
                f"{name}: {len(diverged)} of {len(runs)} runs diverged (seed {', '.join(diverged)}); they count with "
                "the answers they gave; a missing answer counts as wrong."
            )


def _mixed_hardware(result: StudyResult) -> Iterator[str]:
    """Which processors or graphics cards trained the networks, where there are several kinds."""
    counts: dict[str, Counter[str]] = {}
    for arm, runs in result.runs.items():
        for run in runs:
            if run.machine:
                kind = str(run.machine.get("card") or run.machine.get("processor", "unknown processor"))
                counts.setdefault(kind, Counter())[result.study.label(arm)] += 1
    if len(counts) > 1:
        told = "; ".join(
            f"{kind} ({', '.join(f'{number} of {arm}' for arm, number in of_arms.items())})"
            for kind, of_arms in counts.items()
        )
        yield (
            f"The networks were trained on {len(counts)} kinds of hardware: {told}. The same seed may give "
            "numbers there that differ by rounding, and their seconds cannot be compared."
        )


def _seeds(count: int) -> str:
    return "one seed" if count == 1 else f"{count} seeds"
