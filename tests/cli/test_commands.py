"""The program as a person uses it, with right and wrong input."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM

from .program import netgain, refused, started

QUICK = ["--data", "digits", "--set", "epochs=2", "--seeds", "2", "--workers", "1"]


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["list"],
        ["data"],
        ["data", "fetch"],
        ["data", "list"],
        ["train"],
        ["study"],
        ["ladder"],
        ["report"],
        ["predict"],
        ["evaluate"],
        ["fractions"],
        ["serve"],
    ],
)
def test_every_command_has_help_with_an_example(command: list[str], tmp_path: Path) -> None:
    done = netgain(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    if command != ["data"]:
        assert "Example: netgain" in done.stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys; from netgain.cli import app; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "jax",
        "keras",
        "numpy",
        "pandas",
        "altair",
        "sqlalchemy",
        "pydantic",
        "scipy",
        "sklearn",
    }


def test_list(tmp_path: Path) -> None:
    assert "dropout" in netgain("list", cwd=tmp_path).stdout
    listed = json.loads(netgain("list", "--json", cwd=tmp_path).stdout)
    assert {"baseline", "softmax", "dropout", "l2"} <= {study["name"] for study in listed["studies"]}
    assert "baseline" in listed["recipes"]
    assert {"study", "demonstration"} == {study["kind"] for study in listed["studies"]}


def test_data_list_and_fetch(tmp_path: Path) -> None:
    assert "fashion-mnist" in netgain("data", "list", cwd=tmp_path).stdout
    assert netgain("data", "fetch", "digits", cwd=tmp_path).returncode == 0
    assert json.loads(netgain("data", "list", "--json", cwd=tmp_path).stdout)


def test_study_from_start_to_second_look(tmp_path: Path) -> None:
    first = started("study", "dropout", *QUICK, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "dropout 0.2 against baseline on the 360 test images of digits (2 seeds each)" in " ".join(
        first.stdout.split()
    )
    assert "4 networks trained" in first.stderr
    assert "using all of them" in first.stderr
    page = (tmp_path / "dropout.html").read_text()
    assert "Does dropping 20 %" in page
    second = netgain("study", "dropout", *QUICK, "--json", cwd=tmp_path)
    found = json.loads(second.stdout)
    assert found["trained_now"] == 0
    assert [row["arm"] for row in found["verdicts"]] == ["baseline", "dropout 0.2"]
    assert found["verdicts"][1]["verdict"] == "UNDECIDED"
    assert len(found["runs"]) == 4


def test_a_demonstration_that_does_not_hold_is_a_finding_not_an_error(tmp_path: Path) -> None:
    arguments = ["study", "wrong-digits", "--data", "digits", "--set", "epochs=1", "--seeds", "2", "--workers", "1"]
    done = netgain(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "✗ An accuracy of 96.6 %" in done.stdout
    assert "An accuracy of 96.6 %" in (tmp_path / "wrong-digits.html").read_text()
    found = json.loads(netgain(*arguments, "--json", cwd=tmp_path).stdout)
    assert found["demonstration"] == "wrong-digits"
    assert found["statements"][0]["holds"] is False
    assert found["trained_now"] == 0
    assert "needs arms" in refused("study", "slow-learning", "--until-known", cwd=tmp_path)
    said = refused("study", "slow-learning", "--data", "digits", cwd=tmp_path)
    assert "does not train a recipe, so it has no such setting" in said


def test_until_known(tmp_path: Path) -> None:
    options = ["--data", "digits", "--set", "epochs=2", "--workers", "1"]
    known = netgain("study", "dropout", *options, "--until-known", "--json", cwd=tmp_path)
    assert known.returncode == 0, known.stderr
    found = json.loads(known.stdout)
    assert "check " in found["sentences"][0]
    assert "dropout 0.2 against baseline on the 360 test images of digits" in found["sentences"][0].lower()
    assert "needs arms" in refused("study", "baseline", "--data", "digits", "--until-known", cwd=tmp_path)


def test_train_save_and_predict(tmp_path: Path) -> None:
    from netgain.data import load_dataset

    trained = netgain("train", "baseline", "--data", "digits", "--set", "network.hidden=[40]", "--set", "loss=mse",
                      "--save", "model.keras", "--json", cwd=tmp_path)  # fmt: skip
    assert trained.returncode == 0, trained.stderr
    assert json.loads(trained.stdout)["verdicts"][0]["accuracy"] > 85
    digits = load_dataset("digits")
    for i in range(3):
        Image.fromarray(digits.x_test[i, :, :, 0]).save(tmp_path / f"{i}.png")
    said = netgain("predict", "model.keras", "0.png", "1.png", "2.png", "--json", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    answers = json.loads(said.stdout)
    scores = np.array([list(answer["scores"].values()) for answer in answers])
    assert [answer["class"] for answer in answers] == [str(row.argmax()) for row in scores]
    assert "0.png: " in netgain("predict", "model.keras", "0.png", cwd=tmp_path).stdout
    again = netgain("train", "baseline", "--data", "digits", "--set", "network.hidden=[40]", "--set", "loss=mse",
                    "--save", "again.keras", cwd=tmp_path)  # fmt: skip
    assert "1 of 1 networks came from netgain.db" in again.stderr
    assert (tmp_path / "again.keras").read_bytes() == (tmp_path / "model.keras").read_bytes()


def test_same_recipe_and_seed_twice_from_two_stores(tmp_path: Path) -> None:
    once, twice = (
        json.loads(netgain("train", "small-sample", *QUICK, "--json", "--store", f"{n}.db", cwd=tmp_path).stdout)[
            "runs"
        ]
        for n in (1, 2)
    )
    assert [run["history"] for run in once] == [run["history"] for run in twice]
    assert [run["test_accuracy"] for run in once] == [run["test_accuracy"] for run in twice]


def test_own_folder_of_images_on_the_command_line(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    for name, bright in (("dark", 40), ("light", 200)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for i in range(30):
            pixels = np.clip(generator.normal(bright, 30, (10, 12, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / name / f"{i}.png")
    done = netgain("train", "small-sample", "--data", "pictures", "--set", "optimizer=adam", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "100.00" in done.stdout


def test_unknown_names(tmp_path: Path) -> None:
    assert "did you mean 'dropout'" in refused("study", "dropuot", cwd=tmp_path)
    assert "did you mean 'baseline'" in refused("train", "basline", cwd=tmp_path)
    assert "mnist" in refused("study", "dropout", "--data", "mnits", cwd=tmp_path)
    assert "did you mean 'mnist'" in refused("data", "fetch", "mnits", cwd=tmp_path)
    assert "did you mean 'dropout'" in refused("train", "baseline", "--set", "network.dropuot=0.1", cwd=tmp_path)
    assert "list" in refused("lst", cwd=tmp_path)
    assert not (tmp_path / "netgain.db").exists()


def test_values_out_of_range(tmp_path: Path) -> None:
    assert "must be less than 1; received 1.5" in refused(
        "train", "baseline", "--set", "network.dropout=1.5", cwd=tmp_path
    )
    assert "PATH=VALUE" in refused("train", "baseline", "--set", "epochs", cwd=tmp_path)
    assert "received 'x'" in refused("train", "baseline", "--seeds", "x", "--data", "digits", cwd=tmp_path)
    assert "seeds" in refused("train", "baseline", "--seeds", "0", "--data", "digits", cwd=tmp_path)
    assert "workers" in refused("train", "baseline", "--workers", "0", cwd=tmp_path)
    assert "sum to one" in refused("train", "baseline", "--set", "loss=categorical_crossentropy", cwd=tmp_path)
    assert "is the same recipe as" in refused("study", "dropout", "--set", "network.dropout=0.2", cwd=tmp_path)


def test_wrong_files(tmp_path: Path) -> None:
    np.savez(tmp_path / "half.npz", x_train=np.zeros((3, 2, 2), np.uint8))
    (tmp_path / "cut.npz").write_bytes((tmp_path / "half.npz").read_bytes()[:40])
    (tmp_path / "one" / "cats").mkdir(parents=True)
    Image.new("L", (3, 3)).save(tmp_path / "one" / "cats" / "a.png")
    (tmp_path / "recipe.toml").write_text("epochz = 3\n[network]\nfamily = 'mlp'\n")
    assert "y_train" in refused("train", "baseline", "--data", "half.npz", cwd=tmp_path)
    assert "cut.npz" in refused("train", "baseline", "--data", "cut.npz", cwd=tmp_path)
    assert "class" in refused("train", "baseline", "--data", "one", cwd=tmp_path)
    assert "nowhere.npz" in refused("train", "baseline", "--data", "nowhere.npz", cwd=tmp_path)
    assert "did you mean 'epochs'" in refused("train", "recipe.toml", cwd=tmp_path)


def test_wrong_targets_are_found_before_training(tmp_path: Path) -> None:
    (tmp_path / "songs.db").write_text("la la la " * 200)
    assert "not a netgain store" in refused("study", "dropout", *QUICK, "--store", "songs.db", cwd=tmp_path)
    assert "its folder is missing" in refused("study", "dropout", *QUICK, "-o", "nowhere/x.html", cwd=tmp_path)
    assert ".keras" in refused("train", "baseline", "--data", "digits", "--save", "model.h5", cwd=tmp_path)
    assert "can hold one report, not those of 2 studies" in refused(
        "study", "dropout", "l2", *QUICK, "-o", "x.html", cwd=tmp_path
    )
    (tmp_path / "svm.toml").write_text(SVM(dataset="digits").to_toml())
    assert "trains no network" in refused("train", "svm.toml", "--save", "svm.keras", cwd=tmp_path)
    assert not (tmp_path / "netgain.db").exists()


def test_predict_refuses_what_is_no_image_and_no_model(tmp_path: Path) -> None:
    from netgain.networks.families.mlp import MLP

    MLP().build((8, 8, 1), 3).save(tmp_path / "model.keras")
    (tmp_path / "text.png").write_text("I am no image")
    assert "text.png" in refused("predict", "model.keras", "text.png", cwd=tmp_path)
    assert "missing.png" in refused("predict", "model.keras", "missing.png", cwd=tmp_path)
    assert "no file" in refused("predict", "missing.keras", "text.png", cwd=tmp_path)
    (tmp_path / "broken.keras").write_text("no archive")
    assert "not a Keras model" in refused("predict", "broken.keras", "text.png", cwd=tmp_path)


def test_no_network_and_no_cache(tmp_path: Path) -> None:
    # A proxy that is not there stands for a machine without a network; an empty PATH has no npm.
    nowhere = "http://127.0.0.1:9"
    empty = {"NETGAIN_DATA": str(tmp_path), "HTTPS_PROXY": nowhere, "https_proxy": nowhere, "PATH": ""}
    done = netgain("data", "fetch", "mnist", cwd=tmp_path, **empty)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    said = done.stderr
    assert "--data digits" in said
    assert "npm" in said


def test_recipe_file(tmp_path: Path, small_recipe: Recipe) -> None:
    small_recipe.save(tmp_path / "my recipe.toml")
    done = netgain("train", "my recipe.toml", "--seeds", "3,4", "--workers", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 seeds" in done.stdout


def test_changes_in_whatever_order(tmp_path: Path) -> None:
    early = ["--set", "early_stopping={patience=3}", "--set", "validation_size=200", "--set", "train_size=500"]
    assert netgain("train", "small-sample", "--data", "digits", *early, cwd=tmp_path).returncode == 0


def test_predict_with_a_flat_model_of_the_users_own(tmp_path: Path) -> None:
    import keras

    flat = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, activation="softmax")])
    flat.save(tmp_path / "flat.keras")
    (tmp_path / "recipe.toml").write_text(
        "dataset = 'digits'\nepochs = 1\n[network]\nfamily = 'keras'\nmodel = 'flat.keras'\n"
    )
    assert netgain("train", "recipe.toml", "--save", "trained.keras", cwd=tmp_path).returncode == 0
    colour = Image.new("RGB", (50, 40))
    colour.paste("orange", (22, 5, 27, 35))
    colour.save(tmp_path / "colour.png")
    assert "colour.png: " in netgain("predict", "trained.keras", "colour.png", cwd=tmp_path).stdout
    assert "expected images of a fixed size" in refused("predict", "flat.keras", "colour.png", cwd=tmp_path)


def test_odd_values_are_refused_and_not_crashed_on(tmp_path: Path) -> None:
    digits = ["train", "convnet", "--data", "digits"]
    assert "1 to 10,000" in refused(*digits, "--seeds", "99999999999999999999", cwd=tmp_path)
    assert "received 2.5" in refused(*digits, "--set", "network.kernel_size=2.5", cwd=tmp_path)
    assert "['sgd']" in refused(*digits, "--set", 'optimizer={name=["sgd"]}', cwd=tmp_path)
    assert "a name, a path" in refused("train", "convnet", "--set", "dataset=3", cwd=tmp_path)
    assert "received ''" in refused("train", "convnet", "--data", "", cwd=tmp_path)
    assert "remove --seeds" in refused("study", "l2", "--until-known", "--seeds", "3", cwd=tmp_path)


def test_a_stores_password_is_not_shown(tmp_path: Path) -> None:
    said = refused("train", "baseline", "--data", "digits", "--store", "nodb://me:secret@host/runs", cwd=tmp_path)
    assert "secret" not in said
    assert "driver" in said


def test_ladder(tmp_path: Path) -> None:
    """Its networks need 28×28 images: few and enlarged ones."""
    from netgain.data import Dataset, load_dataset

    digits = load_dataset("digits")
    both, margins = (digits.x_train, digits.x_test), ((0, 0), (2, 2), (2, 2), (0, 0))
    few = [np.pad(x[:90].repeat(3, 1).repeat(3, 2), margins) for x in both]
    Dataset(few[0], digits.y_train[:90], few[1], digits.y_test[:90]).save(tmp_path / "few.npz")
    done = netgain("ladder", "--quick", "--seeds", "1", "--data", "few.npz", "--workers", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = " ".join(done.stdout.split())
    assert "doubled against dense layer on the 90 test images" in printed
    assert "quick: a quarter of the epochs" in printed
    assert "The training of 7 networks took" in printed
    assert (tmp_path / "ladder.png").read_bytes().startswith(b"\x89PNG")
    assert "against dense layer" in (tmp_path / "ladder.html").read_text()
    again = netgain("ladder", "--quick", "--seeds", "1", "--data", "few.npz", "--json", cwd=tmp_path)
    found = json.loads(again.stdout)
    assert found["trained_now"] == 0
    assert [row["against"] for row in found["verdicts"]][2:] == [row["arm"] for row in found["verdicts"]][1:-1]
    assert "kernel of block 2 is larger" in refused("ladder", "--quick", "--data", "digits", cwd=tmp_path)
