"""The tab Fractions: the class fractions of dropped images, or of a dataset's, by the networks of the store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr
import numpy as np

from netgain.data import list_sources
from netgain.data.sample import Sample, read_sample
from netgain.errors import NetgainError
from netgain.report.fraction_charts import correlation_chart, fractions_chart
from netgain.report.fraction_words import fit_lines, fractions_line, fractions_table, head_lines
from netgain.results.classifier import Classifier, templates_for
from netgain.results.fractions import Fractions, fractions_of, nuisances_in
from netgain.stats.fractions import Target
from netgain.web import look
from netgain.web.address import Kept, Values, one_of
from netgain.web.shelf import Shelf
from netgain.web.static_files import static_text
from netgain.web.upload import DROP, uploaded_sample

FAVOURITE = "those with most seeds"
DROPPED = "the files above"
HALF, UNEQUAL = ": half of its test images", ": an unequal half of them"
ALIKE = "in no known way"
NUISANCES = [ALIKE, "rotation=N(0,10)", "blur=U(0,1)", "contrast=N(1,0.2)", "rotation=N(0,10) blur=U(0,1)"]
"""Offered; others can be typed."""
TARGETS: list[tuple[str, Target]] = [("population", "population"), ("these images", "sample")]
NOTHING = look.empty(
    "Nothing is estimated yet.",
    "Drop a folder of images or an <code>.npz</code> file, or choose a dataset, then press <b>Estimate</b>. The "
    "classes of the images need not be known.",
)
NO_NETWORKS = look.empty(
    "The store has no network that classifies images.",
    "Train some: start a study in the tab <b>Run</b>, or <code>netgain study convnet --seeds 5</code>.",
)
BUSY = "another sample is being estimated; try again in a few seconds"
_ONE_AT_A_TIME = threading.Lock()


def fractions_tab(shelf: Shelf, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    datasets = [f"{source.name}{kind}" for source in list_sources() for kind in (HALF, UNEQUAL)]
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            drop = gr.HTML(value="", html_template=DROP, js_on_load=static_text("drop.js"), elem_id="drop")
            sample = gr.Dropdown([DROPPED, *datasets], value=DROPPED, label="Sample", elem_id="sample")
            network = gr.Dropdown([FAVOURITE], value=FAVOURITE, label="Networks", elem_id="fractions-networks")
            nuisances = gr.Dropdown(
                NUISANCES,
                value=ALIKE,
                allow_custom_value=True,
                label="The sample differs from the templates",
                info="All images by one unknown amount, which the fit finds; choose, or write your own.",
                elem_id="nuisances",
            )
            target = gr.Radio(TARGETS, value="population", label="Fractions of", elem_id="fractions-target")
            start = gr.Button("Estimate", variant="primary", size="md", elem_id="estimate")
        with gr.Column(scale=3, min_width=290):
            answer = gr.HTML(NOTHING, elem_id="fractions")
    found = gr.State(None)

    def estimated(text: str | None, of: str, by: str, unlike: str | None, target: Target) -> Iterator[list[Any]]:
        yield from estimate(shelf, text or "", of, by, target, unlike or ALIKE)

    def again(result: Fractions | None, target: Target) -> Any:
        return gr.skip() if result is None else fractions_view(result, target)

    def offered() -> Any:
        return gr.update(choices=[FAVOURITE, *_names(shelf)])

    asked = [drop, sample, network, nuisances, target]
    start.click(estimated, asked, [answer, found], show_progress="hidden")
    target.input(again, [found, target], answer, show_progress="hidden")
    drop.input(lambda: DROPPED, None, sample, show_progress="hidden")
    page.load(offered, None, network, show_progress="hidden")

    fields = {"sample": sample, "networks": network, "nuisances": nuisances, "target": target}
    return _kept(shelf, fields, datasets)


def _kept(shelf: Shelf, fields: dict[str, Any], datasets: list[str]) -> Kept:
    def fill(values: Values) -> list[Any]:
        names = [FAVOURITE, *_names(shelf)]
        chosen = one_of("network", names)(values.get("networks", FAVOURITE))
        return [
            one_of("sample", [DROPPED, *datasets])(values.get("sample", DROPPED)),
            gr.update(choices=names, value=chosen),
            values.get("nuisances", ALIKE),
            one_of("target", [name for _, name in TARGETS])(values.get("target", "population")),
        ]

    return Kept(list(fields), list(fields.values()), fill, fields)


def estimate(
    shelf: Shelf, text: str, sample: str, name: str, target: Target, unlike: str = ALIKE
) -> Iterator[list[Any]]:
    """What the tab shows while a sample is estimated, step by step, and at last its fractions; each with the result.

    Args:
        shelf: where the networks are.
        text: the files that were dropped, as the browser sends them; empty for none.
        sample: what is estimated: the files, or a dataset.
        name: of the networks.
        target: of what the fractions are.
        unlike: the nuisances, "rotation=N(0,10) blur=U(0,1)".
    """
    if sample == DROPPED and not text:
        yield [look.problem("There is no sample: drop files above, or choose a dataset."), None]
        return
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        yield [look.problem(f"{BUSY}."), None]
        return
    try:
        sources = nuisances_in([] if unlike == ALIKE else unlike.split())
        yield [_doing("opening the networks", 0.1), None]
        classifier = shelf.classifier(_chosen(shelf, name))
        if classifier is None:
            yield [NO_NETWORKS, None]
            return
        yield [_doing("preparing the images", 0.3), None]
        images, templates = _images(classifier, text, sample)
        yield [_doing(f"scoring {len(images):,} images and {len(templates):,} templates, and fitting", 0.6), None]
        result = fractions_of(classifier, images, templates, sources)
        yield [fractions_view(result, target), result]
    except NetgainError as error:
        yield [look.problem(f"{error}."), None]
    finally:
        _ONE_AT_A_TIME.release()


def fractions_view(result: Fractions, target: Target) -> str:
    """The fractions as HTML: warnings, the chart, the table, and what else belongs to the fit."""
    title, *asked = head_lines(result, target)
    said = "".join(f'<p class="soft">{escape(line)}</p>' for line in asked)
    doubts = "".join(look.problem(f"The fractions may be wrong. {doubt}") for doubt in result.doubts)
    words = f"Class fractions with their errors: {fractions_line(result)}"
    chart = look.picture(fractions_chart(result, target), "fractions", words, table=result.frame(target))
    matrix = look.picture(
        correlation_chart(result, target),
        "correlations",
        "Correlation of the errors of each pair of classes",
        table=result.correlation_frame(target),
        stretched=False,
    )
    fit = "".join(f"<p>{escape(line)}</p>" for line in fit_lines(result))
    more = f"<details><summary>Correlation of the errors</summary>{matrix}</details>"
    return (
        f'<section data-fractions="{result.num_images}"><h3>{escape(title)}</h3>{doubts}{chart}'
        f"{fractions_table(result, target)}{fit}{said}{more}</section>"
    )


def _images(classifier: Classifier, text: str, sample: str) -> tuple[Sample, Sample]:
    """The sample and the templates. A network without a validation part has test images as templates: it was not
    trained on them. Of a dataset one half is the sample, and where it must, the other half the templates.
    """
    origin = classifier.origin
    assert origin is not None, "networks of the store are of datasets that netgain knows"
    name = sample.partition(":")[0]
    kept = None if len(origin.parts.y_validation) else f"{origin.dataset.name}:test"
    if sample == DROPPED:
        return uploaded_sample(text, classifier.form, classifier.class_names), templates_for(classifier, kept)
    images = read_sample(name, classifier.form, classifier.class_names)
    half = _part(images, np.arange(0, len(images), 2), f"half of {images.name}")
    if sample.endswith(UNEQUAL):
        half = _unequal(half, len(classifier.class_names))
    if kept and name == origin.dataset.name:
        return half, _part(images, np.arange(1, len(images), 2), f"the other half of {images.name}")
    return half, templates_for(classifier, kept)


def _part(sample: Sample, chosen: np.ndarray, name: str) -> Sample:
    labels = None if sample.labels is None else sample.labels[chosen]
    return replace(sample, name=name, images=sample.images[chosen], labels=labels)


def _unequal(sample: Sample, num_classes: int) -> Sample:
    """Of class k only the share (k + 1) / K, so that the last class is the most frequent one.

    They are drawn at random: MNIST's first test images are easier than its last, and would not be like the templates.
    """
    if sample.labels is None:
        return sample
    kept, mixed = [], np.random.default_rng(0).permutation(len(sample))
    for number in range(num_classes):
        places = mixed[sample.labels[mixed] == number]
        kept.append(places[: len(places) * (number + 1) // num_classes])
    chosen = np.sort(np.concatenate(kept))
    return _part(sample, chosen, f"{len(chosen):,} images, mixed unequally from {sample.name}")


def _names(shelf: Shelf) -> list[str]:
    """The networks that can be asked; none where the store cannot be read, which the answer then says."""
    try:
        return list(shelf.networks([source.name for source in list_sources()]))
    except NetgainError:
        return []


def _chosen(shelf: Shelf, name: str) -> str:
    if name != FAVOURITE:
        return name
    networks = shelf.networks([source.name for source in list_sources()])
    return max(networks, key=lambda each: len(networks[each]), default="")


def _doing(words: str, share: float) -> str:
    bar = f'<div style="width:{100 * share:.0f}%"></div>'
    progress = f'<div class="progress" role="progressbar" aria-label="progress" aria-valuenow="{100 * share:.0f}">'
    return f'<p role="status">{escape(words)}…</p>{progress}{bar}</div>'
