"""The report: what it holds, that it opens anywhere, and what it does with odd results."""

import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netgain.api import DemonstrationResult, StudyResult
from netgain.errors import OutputError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.study import Study
from netgain.report.page import render
from netgain.results.findings import Figure, Findings, Statement
from netgain.runs.record import RunStatus


class Page(HTMLParser):
    """What a browser would find: addresses it loads, pictures with their texts, words, headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "xlink:href", "data"}]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "img":
            self.texts.append(given.get("alt") or "")
        if given.get("role") == "img":
            self.texts.append(given.get("aria-label") or "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.words)


RENDERED: list[str] = []


@pytest.fixture
def page(make_result) -> str:
    """The page of an ordinary study of two arms and five seeds, rendered once in a process."""
    if not RENDERED:
        RENDERED.append(render([make_result()], {"small": "netgain study small --seeds 5"}, ["l1", "l2"]))
    return RENDERED[0]


def test_the_page_opens_without_a_network(page: str) -> None:
    parsed = Page(page)
    assert parsed.addresses
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in parsed.addresses)
    assert "@import" not in page
    assert "script" not in parsed.tags
    assert len(page) < 5_000_000


def test_every_picture_has_a_text_and_a_table(page: str) -> None:
    parsed = Page(page)
    assert len(parsed.texts) > 90
    assert all(parsed.texts)
    assert page.count("<svg ") == sum(page.count(f'class="chart {kind}"') for kind in ("wide", "narrow"))
    galleries = 3  # fixed and broken images share one table, each arm's wrong images have one
    charts = page.count('class="chart wide"')
    assert page.count("<summary>Show the data") == charts + galleries


def test_addresses_inside_the_page_are_unique(page: str) -> None:
    ids = Page(page).ids
    assert len(ids) == len(set(ids))


def test_the_page_holds_everything_it_promises(page: str) -> None:
    text = Page(page).text
    for words in (
        "Does a wider layer help?", "BETTER", "wider against baseline on the 360 test images",
        "What each technique changes", "Learning curves", "Overtraining",
        "Score distributions", "Confusion matrix", "Digits fixed and broken",
        "Wrong digits", "What each arm changes", "network.hidden", "[24]", "Cost", "How to reproduce",
        "netgain study small --seeds 5", "jax 1", "P (2 cores)", "not run: netgain study l1",
    ):  # fmt: skip
        assert words in text, words


def test_the_page_answers_to_darkness_narrowness_and_paper(page: str) -> None:
    for query in ("prefers-color-scheme: dark", "max-width: 700px", "@media print", 'name="viewport"'):
        assert query in page


def test_what_a_user_writes_is_text_and_not_markup(make_result) -> None:
    result = make_result()
    study = Study(**{**result.study._values(), "question": "Is <script>alert(1)</script> better?"})
    page = render([replace(result, study=study)], {"small": "netgain study '<b>'"})
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>&#39;" not in page


@pytest.mark.parametrize("statuses", [(RunStatus.FAILED,), (RunStatus.DIVERGED,)])
def test_runs_that_went_wrong_do_not_break_the_page(make_result, statuses) -> None:
    assert "wider: 1 of 5 runs" in render([make_result(statuses=statuses)])


def test_one_seed_and_no_wrong_image(make_result) -> None:
    text = Page(render([make_result(seeds=1, baseline=1.0, arm=1.0)])).text
    assert "No test image is wrong" in text
    assert "nan" not in text.lower().split()
    assert "No command" not in text


def test_where_every_network_diverged_the_page_says_why_a_picture_is_missing(make_result) -> None:
    page = render([make_result(statuses=(RunStatus.DIVERGED,) * 5)])
    assert "there are no scores to analyse" in page


def test_a_study_without_arms_has_nothing_fixed(make_result, small_recipe) -> None:
    result = make_result()
    alone = replace(result, study=Study("alone", baseline=small_recipe), runs={"baseline": result.runs["baseline"]})
    text = Page(render([alone])).text
    assert "no arm that could fix or break a digit" in text
    assert "What each technique changes" not in text


def test_several_studies_and_a_demonstration_share_a_page(make_result) -> None:
    result = make_result()
    other = replace(result, study=result.study.model_copy(update={"name": "other"}))
    page = render([result, other, a_demonstration(result)])
    parsed = Page(page)
    assert {"#small", "#other", "#seeing"} <= set(parsed.addresses)
    assert {"small", "other", "seeing"} <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))
    for words in ("1/2 hold", "✓ HOLDS", "✗ DOES NOT HOLD", "Two is two", "2 = 2", "The lecture: seeing is believing"):
        assert words in parsed.text
    assert "a line that rises" in parsed.texts


def test_what_a_study_found_stands_there_once(make_result) -> None:
    result = make_result()
    found = Findings((Statement("Two is two", True, "2 = 2"),))
    text = Page(render([replace(result, study=result.study.change("examine", lambda _: found))])).text
    assert text.count("Two is two") == 1
    assert "✓ HOLDS" in text


def a_demonstration(result: StudyResult) -> DemonstrationResult:
    findings = Findings(
        (Statement("Two is two", True, "2 = 2"), Statement("Two is three", False, "2 < 3")),
        {"rise": Figure(result.frame("costs"), lambda _: result.chart("costs"), "a line that rises")},
    )
    demonstration = Demonstration(
        "seeing", question="What is there to see?", examine=lambda _: findings, lecture_says="seeing is believing"
    )
    return DemonstrationResult(
        demonstration=demonstration, seeds=(0, 1), data=None, runs={}, findings=findings, num_trained=0, seconds=0.1
    )


def test_the_second_report_of_a_process_costs_less_than_five_seconds(make_result) -> None:
    result = make_result()
    render([result])
    started = time.process_time()
    render([make_result()])
    assert time.process_time() - started < 5


def test_a_page_that_cannot_be_written_leaves_nothing_behind(make_result, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written to"):
        make_result().report(tmp_path / "nowhere" / "page.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(OutputError, match=r"folder\.html"):
        make_result().report(tmp_path / "folder.html")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_writing_replaces_the_page_at_once(make_result, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    make_result().report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")
    assert len(list(tmp_path.iterdir())) == 1
