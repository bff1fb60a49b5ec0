"""Charts inside a page: their addresses, colours and tables."""

import re
from typing import Any

import pandas

from netgain.report.pictures import MOST_ROWS, in_words, picture, svg, table_html, thinned
from netgain.report.shapes import shaped


def specification_of(chart: Any) -> dict[str, Any]:
    """A chart as a page draws it."""
    return shaped(chart.to_dict()).specification


def test_a_drawing_scales_and_has_no_paper_of_its_own(make_result) -> None:
    drawn = str(svg(specification_of(make_result().chart("learning-curves")), "curves"))
    assert drawn.startswith("<svg ")
    assert "viewBox" in drawn
    assert 'fill="white"/>' not in drawn
    assert "aria-roledescription" not in drawn


def test_addresses_inside_drawings_do_not_meet(make_result) -> None:
    chart = specification_of(make_result().chart("learning-curves"))
    one, two = (set(re.findall(r' id="([^"]+)"', str(svg(chart, name)))) for name in ("one study", "two"))
    assert one
    assert not one & two
    assert all(re.fullmatch(r"one-study-[\w-]+", name) for name in one)
    drawn = str(svg(chart, "three"))
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) == set(re.findall(r' id="([^"]+)"', drawn))


def test_numbers_that_are_words_stay_whole(make_result) -> None:
    drawn = str(svg(specification_of(make_result().analyse("score-distributions").chart()), "scores"))
    assert re.search(r">class 3: KS 0\.\d\d\d ± 0\.\d\d\d<", drawn)
    assert not re.search(r'd="[^"]*\.\d{3}', drawn)


def test_a_long_table_is_thinned_and_says_so() -> None:
    curves = pandas.DataFrame({"epoch": range(1, 201), "mean": 0.5})
    shown, note = thinned(curves)
    assert list(shown["epoch"]) == [1, *range(10, 201, 10)]
    assert "tenth" in note
    other, note = thinned(pandas.DataFrame({"image": range(500)}))
    assert len(other) == MOST_ROWS
    assert note == "The first 120 of 500 rows."
    assert thinned(curves.head(5))[1] == ""


def test_a_table_escapes_what_a_user_writes() -> None:
    markup = table_html(pandas.DataFrame({"arm": ["<script>"], "p_adjusted": [0.123456]}))
    assert "<script>" not in markup
    assert "0.1235" in markup
    assert '<th scope="col">p adjusted</th>' in markup
    assert '<td data-label="p adjusted">0.1235</td>' in markup


def test_what_was_not_measured_is_an_empty_cell() -> None:
    markup = table_html(pandas.DataFrame({"a": [float("nan"), 1.0], "b": [None, "x"]}))
    assert markup.count('"></td>') == 2


def test_words_for_who_cannot_see(make_result) -> None:
    frame = pandas.DataFrame({"arm": list("abc")})
    assert in_words(frame, lambda row: row["arm"], most=2) == "a; b; and 1 more in the table"
    made = picture("costs", make_result().chart("costs"), make_result().frame("costs"), "words")
    assert made.alternative == "words"
    assert made.title == "Training time"
    assert made.notes == ("Bar: mean; small dots: 5 networks per arm, one thread each.",)
    assert "Training time" not in str(made.svg)
