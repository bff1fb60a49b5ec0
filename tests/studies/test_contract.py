"""One contract for every study of the catalogue: it runs end to end at a small size and says what it found."""

from pathlib import Path

import pytest

from netgain.errors import UnknownNameError
from netgain.execute import run
from netgain.result import StudyResult
from netgain.studies import load_study, study_entries
from netgain.study import Study

NAMES = sorted(name for name, entry in study_entries().items() if isinstance(entry.study, Study))


def at_a_small_size(name: str) -> StudyResult:
    study = load_study(name).on("digits").change_recipes("epochs", 2).change_recipes("train_size", 400)
    return run(study, seeds=2, store=None)


@pytest.mark.parametrize("name", NAMES)
def test_study(name: str, tmp_path: Path) -> None:
    result = at_a_small_size(name)
    assert set(result.runs) == set(result.study.recipes)
    assert all(len(runs) == 2 for runs in result.runs.values())
    assert set(result.verdicts) == set(result.study.arms)
    assert list(result.frame("verdicts")["arm"]) == list(result.study.recipes)
    assert result.chart("learning-curves").to_dict()
    for arm in result.study.arms:
        assert any(sentence.startswith(f"{arm} against baseline") for sentence in result.sentences)
    result.report(tmp_path / "report.html")
    assert result.study.question in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_docstring_is_a_claim(name: str) -> None:
    entry = study_entries()[name]
    assert entry.headline.endswith("?")
    assert len(entry.headline) < 110
    assert "lecture" in entry.claim.lower()
    assert "seeds" in entry.claim
    assert "±" in entry.claim
    assert entry.study.question.endswith("?")


def test_files_are_short_and_named_after_their_study() -> None:
    import netgain.studies

    folder = Path(netgain.studies.__file__).parent
    files = {
        path.stem.replace("_", "-"): path for path in folder.glob("*.py") if path.stem not in {"__init__", "catalogue"}
    }
    assert set(files) == set(study_entries())
    assert all(len(path.read_text().splitlines()) < 70 for path in files.values())


def test_unknown_study() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'softmax'"):
        load_study("sotfmax")
