"""One contract for every study of the catalogue: it runs end to end at a small size and says what it found."""

import html
from pathlib import Path

import pytest

from netgain.api import StudyResult
from netgain.errors import UnknownNameError
from netgain.studies import load_study, study_entries

NAMES = list(study_entries())
COMPARISONS = [name for name, entry in study_entries().items() if entry.study.called == "study"]


@pytest.mark.parametrize("small_result", COMPARISONS, indirect=True)
def test_study(small_result: StudyResult, tmp_path: Path) -> None:
    result, study = small_result, small_result.study
    assert set(result.runs) == set(study.recipes)
    assert all(len(runs) == 2 for runs in result.runs.values())
    assert set(result.verdicts) == set(study.arms)
    assert list(result.frame("verdicts")["arm"]) == list(study.recipes)
    assert len(result.frame(study.picture))
    assert result.chart(study.picture).to_dict()["title"]
    for arm in study.arms:
        assert any(sentence.startswith(f"{arm} against {study.other(arm)} on ") for sentence in result.sentences)
    result.report(tmp_path / "report.html")
    assert study.question in html.unescape((tmp_path / "report.html").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_docstring_is_a_claim(name: str) -> None:
    entry = study_entries()[name]
    assert entry.headline.endswith("?")
    assert len(entry.headline) < 110
    assert "lecture" in entry.claim.lower()
    assert "seeds" in entry.claim
    assert "±" in entry.claim or entry.study.called == "demonstration"  # it states, and measures no accuracy
    assert entry.study.question.endswith("?")


def test_files_are_short_and_named_after_their_study() -> None:
    import netgain.studies

    folder = Path(netgain.studies.__file__).parent
    others = {"__init__", "catalogue", "new", "own_file"}
    files = {path.stem.replace("_", "-"): path for path in folder.glob("*.py") if path.stem not in others}
    assert set(files) == set(study_entries())
    assert all(len(path.read_text().splitlines()) < 70 for path in files.values())


def test_the_order_is_the_lectures() -> None:
    wanted = [
        "baseline",
        "softmax",
        "overtraining",
        "dropout",
        "optimizers",
        "wide",
        "convnet",
        "convnet-deep",
        "ladder",
    ]
    assert [name for name in NAMES if name in wanted] == wanted


def test_unknown_study() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'softmax'"):
        load_study("sotfmax")
