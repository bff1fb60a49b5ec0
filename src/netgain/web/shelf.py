"""What the store holds, as the page needs it: results of studies, and networks that can answer a drawing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from netgain.data import Dataset, ImageForm, list_sources, load_dataset
from netgain.engine.panel import Panel
from netgain.engine.saving import model_from
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.errors import NetgainError
from netgain.experiment.recipe_files import recipe_names
from netgain.report.kinds import AnyResult
from netgain.results.classifier import Classifier
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.stored import stored
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunStatus
from netgain.runs.store import RunKey, State, Store, StoredRun
from netgain.stats import conformal_thresholds
from netgain.studies import CatalogueEntry
from netgain.tasks.classification.origin import ENTRY, origin_in
from netgain.tasks.generation.figures import AUC, figures
from netgain.tasks.recipes import load_recipe
from netgain.web.generators import GeneratorPanel
from netgain.web.readers import ReaderPanel
from netgain.web.recipe_kinds import classifies, generates, in_words, reads

DRAWABLE = ("mnist", "digits")
"""Datasets of digits, white on black: a network trained on anything else has nothing to say of a drawing."""

MOST_NETWORKS = 5
CONFORMAL_ALPHA = 0.01

Opened = TypeVar("Opened")


class Answering(NamedTuple):
    """The networks of one recipe, ready to answer.

    Attributes:
        name: what the page calls them.
        panel: the networks.
        form: of the images that they were trained on.
        threshold: a class belongs to the conformal set where 1 - mean score is at most this.
        num_calibration: the images the threshold comes from.
    """

    name: str
    panel: Panel
    form: ImageForm
    threshold: float
    num_calibration: int


class Shelf:
    """Reads the store, and remembers what it read until there is more. May be asked from any thread.

    Args:
        where: the store's file or database URL.
        entries: the catalogue of studies.
        read_only: whether nothing at all is written to the store, measurements of its networks included.
    """

    def __init__(self, where: str, entries: Mapping[str, CatalogueEntry], *, read_only: bool = False) -> None:
        self.entries = entries
        self._where = where
        self._read_only = read_only
        self._lock = threading.RLock()
        self._examining = threading.Lock()  # takes seconds, in which everything else must answer
        self._opened_store: Store | None = None
        self._listed: tuple[State, list[StoredRun]] | None = None
        self._results: dict[str, tuple[frozenset[RunKey], StudyResult | None]] = {}
        self._results_of: State | None = None
        self._examined: dict[str, AnyResult | None] = {}
        self._answering: dict[str, Answering] = {}
        self._reading: dict[str, ReaderPanel] = {}
        self._generating: dict[str, GeneratorPanel] = {}

    def results(self) -> dict[str, StudyResult]:
        """The studies of the catalogue of which the store has the baseline and an arm or more, by name.

        Raises:
            StoreError: where the store cannot be read.
        """
        with self._lock:
            state, listing = self.state(), self._listing()
            if self._results_of != state:
                self._results = self._load_results(listing)
                self._results_of = state
                # What needs no networks does not depend on the store.
                lasting = {name for name in self._examined if not self.entries[name].study.recipes}
                self._examined = {name: self._examined[name] for name in lasting}
            return {name: result for name, (_, result) in self._results.items() if result is not None}

    def state(self) -> State:
        """What changes whenever the store has another run, whoever trained it; StoreError where it cannot be read."""
        return self._store().state()

    def demonstrations(self) -> list[str]:
        """The demonstrations of the catalogue whose networks the store has, or that need none."""
        with self._lock:
            trained = {one.key.recipe_digest for one in self._listing()}
        return [
            name
            for name, entry in self.entries.items()
            if entry.study.called == "demonstration"
            and all(recipe.digest in trained for recipe in entry.study.recipes.values())
        ]

    def result(self, name: str) -> AnyResult | None:
        """What the store has of a study or a demonstration, examined now if it was not before; None for nothing."""
        known = self.results().get(name)
        if known is not None or name not in self.demonstrations():
            return known
        with self._examining:
            memory = self._examined  # a store that grows meanwhile begins another one
            if name not in memory:
                memory[name] = stored(self.entries[name].study, self._store())
                if not self.entries[name].study.recipes:
                    self._examined[name] = memory[name]
            return memory[name]

    def examined(self) -> dict[str, DemonstrationResult]:
        """The demonstrations that were examined since the store last grew, by name; examines none."""
        known = dict(self._examined)
        return {name: result for name, result in known.items() if isinstance(result, DemonstrationResult)}

    def networks(self, datasets: Collection[str] = DRAWABLE) -> dict[str, list[StoredRun]]:
        """The classifiers of these datasets by name, one entry a recipe, with the runs of its seeds; by default those
        that can answer a drawing.
        """
        return self._named(lambda recipe: classifies(recipe, datasets))

    def readers(self) -> dict[str, list[StoredRun]]:
        """The networks that read numbers, by name as those of :meth:`networks`."""
        return self._named(reads)

    def favourite_reader(self) -> str | None:
        """The readers to ask first: those of the recipe `reader`, else those with most seeds; None without any."""
        readers = self.readers()
        return max(readers, key=lambda name: (name == "reader", len(readers[name])), default=None)

    def generators(self) -> dict[str, list[StoredRun]]:
        """The networks that write images, by name as those of :meth:`networks`."""
        return self._named(generates)

    def favourite_generator(self) -> str | None:
        """The generator to show first: that of the recipe `generator`, else that with most seeds; None without any."""
        found = self.generators()
        return max(found, key=lambda name: (name == "generator", len(found[name])), default=None)

    def _named(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, list[StoredRun]]:
        """The runs with networks whose recipe, as the store wrote it down, is wanted."""
        with self._lock:
            groups: dict[tuple[str, str], dict[str, list[StoredRun]]] = {}
            for one in self._listing():
                if one.has_network and wanted(one.recipe):
                    of_recipe = groups.setdefault((one.key.recipe_digest, one.key.dataset_digest), {})
                    of_recipe.setdefault(one.key.engine_version, []).append(one)
            named: dict[str, list[StoredRun]] = {}
            known = self._names()
            for (digest, _), versions in groups.items():
                found = max(versions.values(), key=_merit)
                name = known.get(digest) or in_words(found[0].recipe)
                same = sum(1 for other in named if other == name or other.startswith(f"{name} ("))
                named[f"{name} ({same + 1})" if same else name] = found
            return named

    def favourite(self) -> str | None:
        """The networks to ask first: convolutional ones, those with most seeds; None where there are none."""
        networks = self.networks()

        def merit(name: str) -> tuple[bool, int]:
            return networks[name][0].recipe["network"].get("family") == "convnet", len(networks[name])

        return max(networks, key=merit, default=None)

    def answering(self, name: str) -> Answering | None:
        """The networks of that name, loaded and compiled once; None where the store has them no more.

        Raises:
            DataError: where a network does not open.
        """
        found = self._opened(name, self.networks(), self._answering, self._load_answering)
        return found._replace(name=name) if found else None

    def reading(self, name: str) -> ReaderPanel | None:
        """The readers of that name, loaded once; None where the store has them no more.

        Raises:
            DataError: where a network does not open.
        """
        return self._opened(name, self.readers(), self._reading, self._load_reading)

    def generating(self, name: str) -> GeneratorPanel | None:
        """The generator of that name with the lowest seed, loaded once; None where the store has it no more.

        Raises:
            DataError: where it does not open.
        """
        return self._opened(name, self.generators(), self._generating, self._load_generating)

    def _opened(
        self,
        name: str,
        networks: Mapping[str, list[StoredRun]],
        kept: dict[str, Opened],
        load: Callable[[str, list[StoredRun]], Opened],
    ) -> Opened | None:
        """The newest networks of a name, ready to answer: loaded now where they were not before."""
        with self._lock:
            runs = networks.get(name, [])[-MOST_NETWORKS:]
            key = "|".join(f"{one.key}" for one in runs)
            if runs and key not in kept:
                kept[key] = load(name, runs)
            return kept.get(key)

    def classifier(self, name: str) -> Classifier | None:
        """The networks of that name as one classifier; None where the store has them no more.

        Raises:
            DataError: where a network does not open, or its images are not there.
        """
        with self._lock:
            runs = self.networks([source.name for source in list_sources()]).get(name, [])[-MOST_NETWORKS:]
        if not runs:
            return None
        store, first = self._store(), runs[0]
        origin = origin_in({ENTRY: {**first.recipe, "digest": first.key.dataset_digest}})
        networks = tuple(model_from(store.model_file(one.key))[0] for one in runs)
        return Classifier(name, networks, ImageForm.of(origin.dataset), origin.dataset.class_names, origin)

    def _store(self) -> Store:
        with self._lock:
            if self._opened_store is None:
                self._opened_store = Store(self._where, read_only=self._read_only)
            return self._opened_store

    def _listing(self) -> list[StoredRun]:
        with self._lock:
            state = self.state()  # before the listing, which may have more
            if self._listed is None or self._listed[0] != state:
                self._listed = state, [one for one in self._store().listing() if one.status is not RunStatus.FAILED]
            return self._listed[1]

    def _names(self) -> dict[str, str]:
        """Recipe digest -> the recipe's own name, or study and arm, for every recipe that comes with netgain."""
        names = {load_recipe(name).digest: name for name in recipe_names()}
        for entry in self.entries.values():
            for arm, recipe in entry.study.recipes.items():
                names.setdefault(recipe.digest, f"{entry.study.name}: {arm}")
        return names

    def _load_results(self, listing: list[StoredRun]) -> dict[str, tuple[frozenset[RunKey], StudyResult | None]]:
        """Each study's runs and result; one to which no run was added is not read again."""
        of_recipe: dict[str, list[RunKey]] = {}
        for one in listing:
            of_recipe.setdefault(one.key.recipe_digest, []).append(one.key)
        loaded, studies = {}, {name: entry for name, entry in self.entries.items() if entry.study.called == "study"}
        for name, entry in studies.items():
            keys = frozenset(key for one in entry.study.recipes.values() for key in of_recipe.get(one.digest, ()))
            before = self._results.get(name)
            loaded[name] = before if before and before[0] == keys else (keys, stored(entry.study, self._store()))
        return loaded

    def _load_reading(self, _: str, runs: list[StoredRun]) -> ReaderPanel:
        store = self._store()
        return ReaderPanel([store.model_file(one.key) for one in runs])

    def _load_generating(self, _: str, runs: list[StoredRun]) -> GeneratorPanel:
        store, first = self._store(), min(runs, key=lambda one: one.key.seed)
        (run,) = store.find([first.key]).values()
        return GeneratorPanel(store.model_file(first.key), first, figures(run.arrays).get(AUC))

    def _load_answering(self, name: str, runs: list[StoredRun]) -> Answering:
        store = self._store()
        dataset = load_dataset(runs[0].recipe["dataset"])
        panel = Panel([store.model_file(one.key) for one in runs], dataset.image_shape)
        threshold = _threshold(store, [one.key for one in runs], dataset)
        return Answering(name, panel, ImageForm.of(dataset), threshold, dataset.num_test)


def _merit(runs: list[StoredRun]) -> tuple[bool, int]:
    """Networks of one engine and kernels answer together, so that no seed does twice: of this engine, then the most."""
    return runs[0].key.engine_version in ENGINE_VERSIONS, len(runs)


def _threshold(store: Store, keys: list[RunKey], dataset: Dataset) -> float:
    """Of the mean score over the seeds, calibrated on the test images: none of the networks learnt them."""
    scores = [found.test_scores for found in store.find(keys).values()]
    mean = np.stack(scores).mean(axis=0, keepdims=True, dtype=np.float64)
    try:
        return float(conformal_thresholds(mean, dataset.y_test, CONFORMAL_ALPHA)[0])
    except NetgainError:  # scores that are not probabilities, or a network that diverged: every class is possible
        return 1.0
