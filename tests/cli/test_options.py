"""Options that commands share: each stands once, and arrives in its dataclass."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from netgain.cli import ladder, report, study, train
from netgain.cli.options import ImageOptions, TrainOptions, check_until_known, with_options
from netgain.errors import RecipeError

from .program import netgain, refused

COMMANDS: dict[Callable[..., None], list[type[Any]]] = {
    study.study_command: [ImageOptions, TrainOptions],
    ladder.ladder_command: [ImageOptions, TrainOptions],
    train.train_command: [ImageOptions, TrainOptions],
    report.report_command: [ImageOptions],
}


def described(annotation: Any) -> tuple[Any, dict[str, Any]]:
    """The type of an option, and what typer knows of it."""
    (option,) = annotation.__metadata__
    return annotation.__origin__, vars(option)


@pytest.mark.parametrize(("command", "groups"), COMMANDS.items(), ids=lambda part: getattr(part, "__name__", ""))
def test_a_command_shows_typer_every_field_with_its_default_and_help(
    command: Callable[..., None], groups: list[type[Any]]
) -> None:
    shown = inspect.signature(command).parameters
    for group in groups:
        hints = get_type_hints(group, include_extras=True)
        for field in dataclasses.fields(group):
            assert shown[field.name].default == field.default
            assert described(shown[field.name].annotation) == described(hints[field.name])
    assert not {*groups} & {parameter.annotation for parameter in shown.values()}


def test_a_command_is_given_the_filled_dataclasses_and_its_own_options() -> None:
    given: list[Any] = []

    @with_options
    def command(*, name: str, images: ImageOptions, many: int = 2, training: TrainOptions) -> None:
        given.extend([name, images, many, training])

    command(name="a", data="photos", workers=3, store="runs.db", as_json=True)
    expected_training = TrainOptions(store="runs.db", workers=3, as_json=True)
    assert given == ["a", ImageOptions(data="photos"), 2, expected_training]
    assert list(inspect.signature(command).parameters) == [
        "name", "data", "image_size", "color_mode", "many", "store", "workers", "cluster", "cluster_options",
        "retry_failed", "as_json",
    ]  # fmt: skip
    with pytest.raises(TypeError, match="colour"):
        command(name="a", colour="rgb")


def test_the_options_of_training_are_those_of_run() -> None:
    options = TrainOptions(store="runs.db", workers=3, retry_failed=True).run_options(None, None)
    assert (options.store, options.workers, options.retry_failed, options.progress) == ("runs.db", 3, True, None)


def test_the_store_is_that_of_the_library_where_none_is_named() -> None:
    from netgain.runs.execute.options import RunOptions

    assert TrainOptions().store == RunOptions().store


def test_seeds_and_shifts_do_not_go_with_until_known() -> None:
    check_until_known(True, None, None)
    check_until_known(False, "5", ["blur=1"])
    with pytest.raises(RecipeError, match="remove --seeds"):
        check_until_known(True, "5", None)
    with pytest.raises(RecipeError, match="one set of test images"):
        check_until_known(True, None, ["blur=1"])


def test_augmentation_on_the_command_line(tmp_path: Path) -> None:
    options = ["--data", "digits", "--set", "epochs=1", "--set", "train_size=200"]
    changes = ["--set", "augmentation.rotation=15", "--set", "augmentation.shift=0.5"]
    assert netgain("train", "small-sample", *options, *changes, cwd=tmp_path).returncode == 0
    message = refused("train", "small-sample", *options, "--set", "augmentation.rotation=[25, 5]", cwd=tmp_path)
    assert "a range must go from low to high; did you mean (5, 25)?" in message
