"""Trained networks that answer together as one classifier: those of an arm's seeds, or the one of a `.keras` file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, final

import numpy as np

from netgain.data import Dataset, ImageForm, load_dataset
from netgain.data.sample import UNKNOWN, Images, Sample, Tell, read_sample
from netgain.engine.setup import prepare_jax
from netgain.errors import DataError, NetgainError, StatisticsError
from netgain.experiment.recipe import AbstractRecipe
from netgain.networks.families.own import KerasNetwork
from netgain.networks.keras_settings import STANDARD, KerasSettings
from netgain.results.analyses import normalised
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.runs.trained import model_of, open_network
from netgain.tasks.classification.origin import Origin, origin_in
from netgain.tasks.classification.recipe import Recipe

if TYPE_CHECKING:
    import keras

NO_VALIDATION = "train with one, for example with --set validation_size=10000 (validation_size=10000 in the recipe)"
MOST_SHARED = 0.01
"""Of the templates: more images that trained the network bias the fit; a few copies are in many datasets."""


@final
@dataclass(frozen=True, eq=False)
class Classifier:
    """One classifier, made of one or more networks: its scores are the mean of theirs.

    Attributes:
        name: what it is called: a recipe, an arm, or a file.
        networks: the networks, one per seed.
        form: of the images that they were trained on.
        class_names: the K classes in the order of the scores.
        origin: the images that they were trained on; None where these are not known.
        why_unknown: why they are not known, in words.
        settings: those of Keras under which the networks work.
        doubts: what else must be known of it, such as networks that were left out.
    """

    name: str
    networks: tuple[keras.Model, ...]
    form: ImageForm
    class_names: tuple[str, ...]
    origin: Origin | None
    why_unknown: str = ""
    settings: KerasSettings = STANDARD
    doubts: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """Its name and how many networks it is."""
        if len(self.networks) == 1:
            return f"{self.name} (one network)"
        return f"{self.name} (one classifier: the mean score of {len(self.networks)} networks)"

    def scores_of(self, batches: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The mean scores of the networks, float64 `[n, K]`, for each batch of images uint8 `[n, H, W, C]`. Those of
        sigmoid outputs are divided by their sum.

        Raises:
            DataError: as :func:`netgain.score`.
            StatisticsError: for scores that are not finite.
        """
        from netgain.engine.score import scorer, weights_of

        weights, compiled = [weights_of(network) for network in self.networks], {}
        for images in batches:
            if images.shape not in compiled:
                compiled[images.shape] = scorer(self.networks[0], images, self.settings)
        means = []
        for images in batches:
            scores = np.stack([compiled[images.shape](own, images) for own in weights])
            if not np.isfinite(scores).all():
                raise StatisticsError(f"{self.name} gives scores that are not finite: its training diverged")
            means.append(normalised(scores).mean(axis=0))
        return means


def classifier_of_file(
    path: Path,
    prepared_as: Literal["digit", "photo"] | None = None,
    *,
    parts: dict[str, Any] | None = None,
    trusted: bool = False,
) -> Classifier:
    """The network of a `.keras` file; the arguments are those of `netgain predict`.

    Raises:
        DataError: for a file that cannot be opened, or a network that does not take images.
    """
    prepare_jax()
    from netgain.tasks.classification.predict import opened_file

    network, note, form = opened_file(path, prepared_as, parts=parts, trusted=trusted)
    names = note.get("class_names") or [str(number) for number in range(int(network.output_shape[1]))]
    origin, why = None, ""
    try:
        origin = origin_in(note)
    except NetgainError as error:
        why = str(error)
    return Classifier(repr(path.name), (network,), form, tuple(names), origin, why)


def classifier_of_recipe(name: str, recipe: Any, dataset: Dataset | None = None) -> Classifier:
    """The classifier that a recipe trains, still without networks: what its images are is known before.

    Args:
        name: what to call it.
        recipe: the recipe.
        dataset: its images; None to load them.

    Raises:
        StatisticsError: for a recipe that does not train networks that classify images.
        DataError: as :func:`netgain.load_dataset` and :func:`netgain.data.split`.
    """
    if not isinstance(recipe, Recipe):
        raise StatisticsError(f"{name!r} does not train networks that classify images, so they cannot score a sample")
    dataset, network = load_dataset(recipe.dataset) if dataset is None else dataset, recipe.network
    return Classifier(
        name=name,
        networks=(),
        form=ImageForm.of(dataset),
        class_names=dataset.class_names,
        origin=Origin(dataset, recipe.parts_of(dataset)),
        settings=network.keras_settings if isinstance(network, KerasNetwork) else STANDARD,
    )


def with_networks(
    classifier: Classifier, recipe: AbstractRecipe, runs: Sequence[RunResult], store: Store | str | Path | None
) -> Classifier:
    """The classifier with the networks of its recipe's runs, from the runs themselves or from the store.

    Raises:
        StatisticsError: where all runs failed or diverged.
        StoreError, TrainingError: where a network is missing.
    """
    prepare_jax()
    kept = [run for run in runs if run.status not in {RunStatus.FAILED, RunStatus.DIVERGED}]
    if not kept:
        raise StatisticsError(f"every run of {classifier.name!r} failed or diverged: no network can score the sample")
    lost = len(runs) - len(kept)
    doubts = (f"{lost} of the {len(runs)} networks of {classifier.name} failed or diverged and are left out.",)
    found = [run if store is None else model_of(run, store) for run in kept]
    networks = tuple(open_network(run, recipe) for run in found)
    return replace(classifier, networks=networks, doubts=doubts if lost else ())


def templates_for(classifier: Classifier, spec: Images | None, *, tell: Tell | None = None) -> Sample:
    """The labelled images that show what the scores of each class look like: those given, or the validation part.

    Args:
        classifier: whose scores.
        spec: the images, as :func:`netgain.data.sample.read_sample` takes them; of a dataset with its part. None for
            the validation part of the recipe.
        tell: called while pictures are prepared.

    Raises:
        DataError: where there are none, some were used for training, a class is missing, or they have no labels.
    """
    if spec is None:
        templates = _validation_part(classifier)
    else:
        templates = read_sample(spec, classifier.form, classifier.class_names, part=None, tell=tell)
        _refuse_training_images(classifier, templates)
    _check_classes(templates, classifier.class_names)
    return templates


def _validation_part(classifier: Classifier) -> Sample:
    give = "give labelled images that the network was not trained on with --templates (templates=)"
    if classifier.origin is None:
        raise DataError(f"{classifier.name}: {classifier.why_unknown}; {give}")
    parts = classifier.origin.parts
    if not len(parts.y_validation):
        raise DataError(
            f"{classifier.name} has no validation part, and class fractions need labelled images that the network was "
            f"not trained on (the templates): {NO_VALIDATION}, or {give}"
        )
    name = f"the {len(parts.y_validation):,} validation images of {classifier.origin.dataset.name}"
    return Sample(name, parts.x_validation, parts.y_validation)


def _refuse_training_images(classifier: Classifier, templates: Sample) -> None:
    if classifier.origin is None:
        return
    shared = templates.num_shared(classifier.origin.parts.x_train)
    if shared > MOST_SHARED * len(templates):
        raise DataError(
            f"{shared:,} of {templates.name} trained the network {classifier.name}, so they cannot be templates: a "
            "network is surer of the images that it was trained on than of new ones, and the fractions would be "
            "biased (docs/fractions.md shows by how much); give labelled images that it was not trained on"
        )


def _check_classes(templates: Sample, class_names: Sequence[str]) -> None:
    if templates.labels is None:
        raise DataError(
            f"{templates.name} have no labels of the network's classes ({', '.join(class_names[:5])}, …), so they "
            "cannot be templates; give a folder with one sub-folder per class, or an .npz file with labels"
        )
    unknown = int((templates.labels == UNKNOWN).sum())
    if unknown:
        raise DataError(
            f"{unknown:,} of {templates.name} are of classes that the network does not know, so they cannot be "
            "templates; remove them"
        )
    missing = [name for number, name in enumerate(class_names) if not (templates.labels == number).any()]
    if missing:
        raise DataError(
            f"{templates.name} have no image of the class{'es' if len(missing) > 1 else ''} {', '.join(missing)}, so "
            "it is not known what the scores of such images look like; add some to the templates"
        )
