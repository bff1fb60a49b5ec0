"""`netgain fractions`: the fraction of every class in a sample of images."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

import typer

from netgain.cli import completing
from netgain.cli.options import Changes, ImageOptions, Seeds, TrainOptions, print_json, say, with_options
from netgain.cli.predict import As, Trust, With
from netgain.cli.targets import check_target
from netgain.errors import OutputError, RecipeError
from netgain.runs.execute import live_line

if TYPE_CHECKING:
    from netgain.cli.images import Images
    from netgain.results.classifier import Classifier
    from netgain.results.fractions import Fractions
    from netgain.stats.fractions import Target

PICTURES_PER_STEP = 100
"""A line on the terminal changes after so many pictures."""


class TargetName(StrEnum):
    """Of what the fractions are."""

    POPULATION = "population"
    SAMPLE = "sample"


Model = Annotated[
    str,
    typer.Argument(
        help="A recipe by name (see netgain list) or a TOML file, or a .keras file.", autocompletion=completing.recipes
    ),
]
Sample = Annotated[
    str,
    typer.Argument(
        metavar="IMAGES",
        help="The sample: a folder of images (flat, or one sub-folder per class), an .npz file with the array images, "
        "or a dataset, of which the test images are used.",
    ),
]
Templates = Annotated[
    str | None,
    typer.Option(
        metavar="DATA",
        help="Labelled images that the network was not trained on: a folder with one sub-folder per class, an .npz "
        "file with the arrays images and labels, or a part of a dataset, such as mnist:test.",
        show_default="the validation part",
    ),
]
Nuisances = Annotated[
    list[str] | None,
    typer.Option(
        "--nuisance",
        metavar="NAME=AMOUNT",
        help="How all images of the sample may differ from the templates by one unknown amount, such as "
        "rotation=N(0,10) or blur=U(0,1); may be given several times.",
    ),
]
TargetOption = Annotated[
    TargetName,
    typer.Option(help="population: the fractions of where the images come from. sample: those of these images."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the chart to a .png file, or chart and table to .html.")
]


@final
@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """How a `.keras` file is opened, and pictures are prepared for it."""

    prepared_as: As = None
    own_layers: With = None
    trust: Trust = False

    def classifier(self, path: Path) -> Classifier:
        """The network in the file."""
        from netgain.engine.saving import parts_in
        from netgain.results.classifier import classifier_of_file

        live_line.announce("opening the network")
        parts = parts_in(self.own_layers) if self.own_layers else None
        prepared_as = self.prepared_as.value if self.prepared_as else None
        return classifier_of_file(path, prepared_as, parts=parts, trusted=self.trust)


@with_options
def fractions_command(
    *,
    model: Model,
    sample: Sample,
    templates: Templates = None,
    nuisances: Nuisances = None,
    target: TargetOption = TargetName.POPULATION,
    seeds: Seeds = "1",
    output: Output = None,
    images: ImageOptions,
    changes: Changes = None,
    training: TrainOptions,
    file: FileOptions,
) -> None:
    """Estimate the fraction of every class in a sample of images, with its errors.

    A classifier is wrong for some images, so counting its answers is biased. Instead, the distribution of its scores
    in the sample is fitted by those of labelled images of each class (the templates), on which it was not trained. The
    networks of several seeds count as one classifier. Pictures are prepared as netgain predict prepares them.
    """
    from netgain.engine.setup import prepare_jax

    if output:
        _check_output(output)
    prepare_jax()
    from netgain.results.fractions import fractions_of, nuisances_in, read_images

    sources = nuisances_in(nuisances or ())
    if Path(model).suffix == ".keras":
        _refuse_beside_file(seeds, images, changes)
        classifier = file.classifier(Path(model))
        both = read_images(classifier, sample, templates, _tell)
    else:
        _refuse_beside_recipe(file)
        classifier, both = _of_recipe(model, seeds, images.images(), changes, training, (sample, templates))
    live_line.announce("fitting the fractions")
    result = fractions_of(classifier, *both, sources)
    live_line.clear()
    _show(result, target.value, output, as_json=training.as_json)


def _of_recipe(
    name: str,
    seeds: str,
    instead: Images,
    changes: list[str] | None,
    training: TrainOptions,
    asked: tuple[str, str | None],
) -> tuple[Classifier, tuple[Any, Any]]:
    """The classifier of a recipe, trained or found in the store, and the sample and templates: read first, so that
    nothing is trained for images that cannot be used.
    """
    with training.started(f"reading {name}") as workers:
        from netgain.cli.preparing import prepared, run_showing_progress
        from netgain.cli.train import study_of
        from netgain.experiment.study import BASELINE
        from netgain.results.classifier import classifier_of_recipe, with_networks
        from netgain.results.fractions import read_images

        study = prepared(study_of(name), instead, changes)
        untrained = classifier_of_recipe(name, study.baseline)
        both = read_images(untrained, *asked, _tell)
        result = run_showing_progress(study, seeds, training, workers)
        return with_networks(untrained, study.baseline, result.runs[BASELINE], training.store), both


def _tell(done: int, total: int) -> None:
    if done % PICTURES_PER_STEP == 0:
        live_line.counting("preparing", done, total, "images")


def _check_output(path: Path) -> None:
    if path.suffix not in {".png", ".html"}:
        raise OutputError(f"the file {str(path)!r} must end in .png (the chart) or .html (chart and table)")
    check_target(path, path.suffix)


def _refuse_beside_file(seeds: str, images: ImageOptions, changes: list[str] | None) -> None:
    """A file holds one trained network: options that say how to train say nothing of it."""
    if seeds != "1" or changes or images.images().are_asked_for:
        message = "say how a recipe is trained, and a .keras file is trained already; remove them"
        raise RecipeError("command", [("--seeds, --set, --data, --image-size, --color-mode", message)])


def _refuse_beside_recipe(file: FileOptions) -> None:
    if file != FileOptions():
        raise RecipeError("command", [("--as, --with, --trust", "are for .keras files; remove them")])


def _show(result: Fractions, target: Target, output: Path | None, *, as_json: bool) -> None:
    from netgain.report.fraction_words import fractions_as_dict, fractions_text, write_fractions

    if as_json:
        print_json(fractions_as_dict(result, target))
    else:
        sys.stdout.write(f"{fractions_text(result, target)}\n")
    if output:
        write_fractions(result, output, target)
        say(f"The chart is in {output}.")
