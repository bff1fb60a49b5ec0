"""What a report says first: on what the question was asked, the answer in one line, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from netgain.experiment.question import Question
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import Study
from netgain.report.headlines import PLAIN, headline, next_step, with_shift
from netgain.report.measure_words import judged_items
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.reproducing import value_in_words
from netgain.report.sentences import survival_sentences
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult
from netgain.stats import Outcome

MOST_CHANGES = 4
"""More fields that were changed are only counted."""

STRIP_FIELDS = ("dataset", "epochs")
"""Fields of a recipe that the strip shows whether they were changed or not."""


class Fact(NamedTuple):
    """One entry of the strip below the question.

    Attributes:
        name: what it is.
        value: its value.
        declared: what it was before it was changed; empty where it was not.
    """

    name: str
    value: str
    declared: str = ""


class FirstView(NamedTuple):
    """The first view of a study or a demonstration.

    Attributes:
        strip: on what it was asked.
        answer: the answer in one line.
        outcomes: the verdicts that there are, in the order of the palette, with the number of arms of each.
        next: what to do next; may be empty.
        under_shift: on shifted test images, what becomes of each verdict without the shift.
    """

    strip: tuple[Fact, ...]
    answer: str
    outcomes: dict[str, int]
    next: str
    under_shift: tuple[str, ...] = ()


def study_view(result: StudyResult) -> FirstView:
    """The first view of a study's result."""
    counted = Counter(verdict.outcome.value for verdict in result.verdicts.values())
    outcomes = {name: counted[name] for name in VERDICT_COLOURS if counted[name]}
    strip = (
        Fact("dataset", _data_in_words(result.data.name, result), _was(result.study, "dataset")),
        *_shift(result.study),
        *_epochs(result.study),
        Fact("seeds per arm", _seeds(result.runs)),
        *_further_changes(result.study),
    )
    under_shift = tuple(survival_sentences(result).values())
    return FirstView(strip, _answer(result), outcomes, _next(result), under_shift)


def demonstration_view(result: DemonstrationResult) -> FirstView:
    """The first view of a demonstration's result."""
    data, asked = result.data, result.demonstration
    facts = [Fact("dataset", data.name, _was(asked, "dataset"))] if data else []
    strip = (
        *facts,
        *_epochs(asked),
        Fact("seeds", f"{len(result.seeds)}"),
        *_further_changes(asked),
    )
    return FirstView(strip, statements_in_words(result), {}, "")


def statements_in_words(result: DemonstrationResult) -> str:
    """How many of a demonstration's statements hold, such as "2/2 hold"; empty where it states nothing."""
    statements = result.findings.statements
    return f"{sum(statement.holds for statement in statements)}/{len(statements)} hold" if statements else ""


def _answer(result: StudyResult) -> str:
    """The answer to the whole study."""
    if len(result.verdicts) == 1:
        return headline(result, next(iter(result.verdicts)))
    if not result.verdicts:
        measure, accuracy = result.measure, next(iter(result.accuracies.values()))
        low, high = (100 * limit for limit in (accuracy.interval().low, accuracy.interval().high))
        value = f"{100 * accuracy.value:.2f} {measure.unit}{with_shift(result)}"
        return f"{measure.name.capitalize()} {value}, plausibly {low:.2f} to {high:.2f} {measure.unit}."
    counted = Counter(verdict.outcome for verdict in result.verdicts.values())
    parts = [f"{counted[outcome]} {PLAIN[outcome].lower()}" for outcome in Outcome if counted[outcome]]
    return f"Of {len(result.verdicts)} arms{with_shift(result)}: {', '.join(parts)}."


def _next(result: StudyResult) -> str:
    """The next step of the arm that needs most; if all are decided, that nothing is left to do."""
    steps = {arm: next_step(result, arm) for arm in result.verdicts}
    waiting = [arm for arm, step in steps.items() if step]
    if not waiting:
        return "Decided: no more seeds are needed." if result.verdicts else ""
    most = max(waiting, key=lambda arm: result.verdicts[arm].seeds_needed or 0)
    return steps[most] if len(result.verdicts) == 1 else f"{steps[most].removesuffix('.')} ({most})."


def _data_in_words(name: str, result: StudyResult) -> str:
    return f"{name} ({result.data.num_test:,} {judged_items(result.measure)})"


def _shift(study: Study) -> list[Fact]:
    """How the test images are shifted, which no study of the catalogue declares."""
    return [Fact("test images", f"shifted by {study.shift_in_words}", "them as they are")] if study.shifts else []


def _seeds(runs: Mapping[str, Collection[RunResult]]) -> str:
    counts = sorted({len(of_arm) for of_arm in runs.values()})
    return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _fields(asked: Question | None, path: str) -> list[str]:
    """The values that a field has in the recipes, in words, each once."""
    recipes: Mapping[str, AbstractRecipe] = asked.recipes if asked else {}
    values = [recipe.fields().get(path) for recipe in recipes.values() if path in recipe.fields()]
    return list(dict.fromkeys(_in_words(value) for value in values))


def _in_words(value: Any) -> str:
    """A field's value; of a dataset in memory its name."""
    return str(value.name) if hasattr(value, "name") else value_in_words(value)


def _was(asked: Question, path: str) -> str:
    """The values that a field had as it was declared, where they are others."""
    now, before = _fields(asked, path), _fields(asked.declared, path)
    return ", ".join(before) if before and set(now) - set(before) else ""


def _epochs(asked: Question) -> list[Fact]:
    """The epochs of the recipes; those that differ from the first are marked with their arm."""
    by_arm = {name: recipe.fields()["epochs"] for name, recipe in asked.recipes.items() if "epochs" in recipe.fields()}
    if not by_arm:
        return []
    first = next(iter(by_arm.values()))
    others = [f"{name}: {epochs:,}" for name, epochs in by_arm.items() if epochs != first]
    more = f" ({', '.join(others[:MOST_CHANGES])}{' …' if len(others) > MOST_CHANGES else ''})" if others else ""
    return [Fact("epochs", f"{first:,}{more}", _was(asked, "epochs"))]


def _further_changes(asked: Question) -> list[Fact]:
    """Other fields of the first recipe that are not as they were declared."""
    declared: Question | None = asked.declared
    if declared is None or not asked.recipes:
        return []
    name, recipe = next(iter(asked.recipes.items()))
    if name not in declared.recipes:
        return []
    changed = {
        path: values for path, values in declared.recipes[name].differences(recipe).items() if path not in STRIP_FIELDS
    }
    facts = [Fact(path, _in_words(now), _in_words(before)) for path, (before, now) in changed.items()]
    more = len(facts) - MOST_CHANGES
    return facts if more <= 0 else [*facts[:MOST_CHANGES], Fact("more fields changed", f"{more}", "as declared")]
