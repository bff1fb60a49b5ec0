"""What a notebook and an interpreter show of a declaration."""

from __future__ import annotations

import re
from html import unescape

import keras
import pytest

import netgain as ng
from netgain.experiment.base import Declaration
from netgain.experiment.shown import MOST_CHARACTERS, value_text

RECIPE = ng.Recipe(train_size=500, network=ng.MLP(hidden=(40,)), optimizer=ng.Optimizer("adam"), epochs=3)


def cells(html: str) -> list[list[str]]:
    """The text of every row of every table."""
    rows = re.findall(r"<tr>(<td>.*?)</tr>", html, re.DOTALL)
    return [[unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]


def test_the_repr_of_a_recipe_makes_it_again() -> None:
    assert repr(RECIPE) == str(RECIPE)
    assert repr(RECIPE) == (
        "Recipe(train_size=500, network=MLP(hidden=(40,)), optimizer=Optimizer(name='adam'), epochs=3)"
    )
    assert eval(repr(RECIPE), vars(ng) | {name: getattr(ng, name) for name in ng.__all__}) == RECIPE


def test_an_optimizers_learning_rate_is_its_default_where_keras_had_it() -> None:
    assert repr(ng.Optimizer("adam", 0.001)) == "Optimizer(name='adam')"
    assert repr(ng.Optimizer("adam", 0.01)) == "Optimizer(name='adam', learning_rate=0.01)"


def test_a_recipe_marks_what_differs_from_the_default_and_folds_what_is_off() -> None:
    shown, _, off = RECIPE._repr_html_().partition("<details>")
    assert ["epochs", "3", "20"] in cells(shown)
    assert ["batch_size", "30", ""] in cells(shown)
    bold = set(re.findall(r"<tr><td><b><code>([\w.]+)</code></b></td>", shown))
    assert bold == {"train_size", "network", "network.hidden", "optimizer.name", "epochs"}
    assert ["augmentation", "None"] in cells(off)
    assert "augmentation" not in shown


@pytest.mark.parametrize(
    "declaration",
    [ng.MLP(), ng.ConvNet(), ng.SVM(), ng.Optimizer(), ng.EarlyStopping(), ng.Augmentation(rotation=9), ng.Dropout(),
     ng.Strengths(), ng.Schedule(kind="cosine")],
    ids=lambda declaration: type(declaration).__name__,
)  # fmt: skip
def test_every_declaration_shows_its_name_and_fields(declaration: Declaration) -> None:
    html = declaration._repr_html_()
    assert f'<p class="title">{type(declaration).__name__}</p>' in html
    assert sorted(row[0] for row in cells(html)) == sorted(field.path for field in declaration.shown_fields())


def test_a_model_is_shown_by_its_layers_not_by_its_config() -> None:
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    network = ng.KerasNetwork(keras.Sequential(layers))
    start = network.fingerprint[:12]
    assert repr(network) == f"KerasNetwork(model='in memory', layers='Flatten, Dense', fingerprint='{start}')"
    assert ["network.layers", "'Flatten, Dense'", ""] in cells(ng.Recipe(network=network, epochs=3)._repr_html_())


def test_a_study_shows_what_each_arm_changes() -> None:
    arms = {"<b>": RECIPE.change("batch_size", 10), "longer": RECIPE.change("epochs", 9)}
    study = ng.Study("s", question="Which?", baseline=RECIPE, arms=arms, against={"longer": "<b>"})
    assert repr(study) == "Study('s', question='Which?', arms=['<b>', 'longer'])"
    html = study._repr_html_()
    assert ["<b>", "baseline", "batch_size: 30 → 10"] in cells(html)
    assert ["longer", "<b>", "batch_size: 10 → 30epochs: 3 → 9"] in cells(html)
    assert '<p class="title">Which?</p>' in html
    assert ["epochs", "3", "20"] in cells(html.partition("The baseline&#x27;s fields")[2])


def test_a_demonstration_shows_its_question_and_recipes() -> None:
    asked = ng.Demonstration("d", examine=lambda given: given, recipes={"small": RECIPE}, lecture_says="It is so.")
    assert repr(asked) == "Demonstration('d', question='', recipes=['small'])"
    assert "The lecture: It is so." in asked._repr_html_()
    assert ["epochs", "3", "20"] in cells(asked._repr_html_())


def test_a_long_value_is_cut() -> None:
    assert value_text("x" * 500) == "'" + "x" * (MOST_CHARACTERS - 3) + "…'"
