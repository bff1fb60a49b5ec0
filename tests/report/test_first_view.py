"""The first view and the card: what was asked, on what, the answer, the next step."""

from dataclasses import replace
from pathlib import Path

import pytest

from netgain.api import DemonstrationResult, StudyResult
from netgain.experiment.demonstration import Demonstration
from netgain.report.card import HEIGHT, WIDTH, card_svg, content_of_several
from netgain.report.first_view import demonstration_view, study_view
from netgain.report.headlines import headline, next_step
from netgain.report.kinds import card_content
from netgain.report.page import overview, write_card
from netgain.results.findings import Findings, Statement


def with_third(result: StudyResult) -> StudyResult:
    """The result with one more arm, which is trained for longer and is as good as the baseline."""
    arms = {**result.study.arms, "longer": result.study.baseline.change("epochs", 33)}
    return replace(result, study=result.study.with_arms(arms), runs={**result.runs, "longer": result.runs["baseline"]})


def a_demonstration(*hold: bool) -> DemonstrationResult:
    found = Findings(tuple(Statement(f"Statement {number}", holds, "n = 2") for number, holds in enumerate(hold)))
    asked = Demonstration("seeing", question="What is there to see?", examine=lambda _: found)
    return DemonstrationResult(
        demonstration=asked, seeds=(0, 1), data=None, runs={}, findings=found, num_trained=0, seconds=0.1
    )


def test_one_arm_answers_with_its_own_line(make_result) -> None:
    result = make_result()
    view = study_view(result)
    assert view.answer == headline(result, "wider")
    assert view.next == "Decided: no more seeds are needed."
    assert view.outcomes == {"BETTER": 1}
    facts = {fact.name: fact.value for fact in view.strip}
    assert facts["dataset"] == "digits (360 test images)"
    assert facts["seeds per arm"] == "5"
    assert not any(fact.declared for fact in view.strip)


def test_several_arms_are_counted_and_the_one_that_needs_most_says_what_is_next(make_result) -> None:
    result = with_third(make_result(arm=0.72))
    view = study_view(result)
    assert view.answer.startswith("Of 2 arms: ")
    assert sum(view.outcomes.values()) == 2
    assert any(view.next.startswith(next_step(result, arm).removesuffix(".")) for arm in result.verdicts)
    epochs = next(fact for fact in view.strip if fact.name == "epochs")
    assert "(longer: 33)" in epochs.value


def test_what_was_changed_is_marked(make_result) -> None:
    result = make_result()
    changed = result.study.change_recipes("epochs", 77).change_recipes("batch_size", 9)
    strip = study_view(replace(result, study=changed)).strip
    marked = {fact.name: fact.declared for fact in strip if fact.declared}
    assert marked == {"epochs": "3", "batch_size": "32"}
    assert not any(fact.declared for fact in study_view(result).strip)


def test_a_report_written_from_python_marks_what_was_changed(make_result, tmp_path: Path) -> None:
    result = make_result()
    replace(result, study=result.study.change_recipes("epochs", 77)).report(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<dd>77 <small>changed; the study has 3</small></dd>" in page
    assert page.count("changed; the study has") == 1


def test_a_study_without_arms_answers_with_its_accuracy(make_result) -> None:
    result = make_result()
    alone = replace(result, study=result.study.with_arms({}), runs={"baseline": result.runs["baseline"]})
    view = study_view(alone)
    assert view.answer.startswith("Accuracy 69.17 %, plausibly ")
    assert "plausibly" in view.answer
    assert view.next == ""


@pytest.mark.parametrize(("hold", "answer"), [((True, True), "2/2 hold"), ((True, False), "1/2 hold"), ((), "")])
def test_a_demonstration_counts_what_holds(hold: tuple[bool, ...], answer: str) -> None:
    assert demonstration_view(a_demonstration(*hold)).answer == answer


def test_the_card_has_the_question_the_answer_and_what_it_was_asked_on(make_result) -> None:
    svg = card_svg(card_content(make_result()))
    for words in ("Does a wider layer help?", "Better. wider: +", "digits (360 test images)", "netgain"):
        assert words in svg, words
    assert f'width="{WIDTH}" height="{HEIGHT}"' in svg


def test_the_card_escapes_and_shortens_what_a_user_writes(make_result) -> None:
    content = card_content(make_result())._replace(question="<b>" + "word " * 80)
    svg = card_svg(content)
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
    assert "…" in svg


def test_the_card_of_a_demonstration_shows_its_statements(make_result) -> None:
    svg = card_svg(card_content(a_demonstration(True, False)))
    for words in ("1/2 hold", "Statement 0", "Statement 1", "✓", "✗"):
        assert words in svg, words


def test_the_card_of_several_studies_counts_their_verdicts(make_result, tmp_path) -> None:
    contents = [card_content(make_result()), card_content(a_demonstration(True))]
    several = content_of_several(contents, "1 technique judged: 1 BETTER.")
    assert several.question == "2 studies with their verdicts"
    assert "wider" in card_svg(several)
    write_card([make_result(), a_demonstration(True)], tmp_path / "card.png")
    assert (tmp_path / "card.png").read_bytes()[16:24] == bytes([0, 0, 4, 176, 0, 0, 2, 118])  # 1200 x 630
    assert overview([{"first": study_view(make_result()), "techniques": []}]).startswith("Better. wider")
