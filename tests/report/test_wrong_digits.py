import numpy as np

from netgain.data import load_dataset
from netgain.report.wrong_digits import wrong_digits_chart, wrong_digits_table

DIGITS = load_dataset("digits")


def scores_with_mistakes() -> np.ndarray:
    """Three networks: the first is wrong on images 2, 5 and 7, the second on 5, the third on none."""
    scores = np.tile(np.eye(10, dtype=np.float32)[DIGITS.y_test], (3, 1, 1))
    for network, number in ((0, 7), (0, 2), (0, 5), (1, 5)):
        scores[network, number] = np.roll(scores[network, number], 1) * 3 + 0.1
    return scores


def test_the_table_says_what_was_answered_and_how_often_it_is_wrong() -> None:
    table = wrong_digits_table(DIGITS, scores_with_mistakes())
    assert table["number"].tolist() == [2, 5, 7]
    assert table["label"].tolist() == [str(DIGITS.y_test[i]) for i in (2, 5, 7)]
    assert table["predicted"].tolist() == [str((DIGITS.y_test[i] + 1) % 10) for i in (2, 5, 7)]
    np.testing.assert_allclose(table["error_rate"], [1 / 3, 2 / 3, 1 / 3])
    np.testing.assert_allclose(table["probability"], 3.1 / 4.0, rtol=1e-6)  # scores need not sum to one
    assert len(wrong_digits_table(DIGITS, scores_with_mistakes(), limit=2)) == 2


def test_the_chart_shows_each_image_with_its_words() -> None:
    table = wrong_digits_table(DIGITS, scores_with_mistakes())
    shown = str(wrong_digits_chart(table, DIGITS).to_dict())
    assert shown.count("data:image/png;base64,") == 3
    assert f"{DIGITS.y_test[5]} → {(DIGITS.y_test[5] + 1) % 10} (77 %)" in shown or "(78 %)" in shown
    assert "wrong in 67 %" in shown


def test_networks_without_mistakes_have_an_empty_gallery() -> None:
    right = np.eye(10, dtype=np.float32)[DIGITS.y_test][None]
    table = wrong_digits_table(DIGITS, right)
    assert table.empty
    assert wrong_digits_chart(table, DIGITS).to_dict()
