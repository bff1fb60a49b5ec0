"""`python -m catalogue`: run every study of the catalogue, write docs/results.md and docs/pictures/results/."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from typing import Any

from catalogue.page import Section, page, section
from netgain.api import run
from netgain.data import load_dataset
from netgain.errors import NetgainError
from netgain.experiment.question import Question
from netgain.runs.execute.progress import progress_for_terminal
from netgain.studies import load_entry, study_entries

ROOT = Path(__file__).parents[1]
SEEDS = 5
REHEARSAL = "rehearsal"
"""The folder for what --quick writes: figures of shorter trainings must not be mixed with the full ones."""


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 where a study could not be run, 0 otherwise."""
    options = _options(arguments)
    docs = Path(options.docs or (REHEARSAL if options.quick else ROOT / "docs"))
    started = time.perf_counter()
    sections, failures = _sections(options, docs / "pictures" / "results")
    if options.only:  # the page is of all studies: a part of them is only shown
        sys.stdout.write("\n".join(part.text for part in sections) + "\n")
    elif sections:
        docs.mkdir(parents=True, exist_ok=True)
        text = page(sections, _command(options), options.seeds, options.quick)
        (docs / "results.md").write_text(text, encoding="utf-8")
        print(f"{docs / 'results.md'} is written.")
    print(f"{len(sections)} studies in {time.perf_counter() - started:.0f} seconds.", *failures, sep="\n")
    return int(bool(failures))


def _command(options: argparse.Namespace) -> str:
    """The command that gives the same figures: where they are kept and written to is not part of it."""
    quick = ["--quick"] if options.quick else []
    seeds = [] if options.seeds == SEEDS else ["--seeds", f"{options.seeds}"]
    data = ["--data", options.data] if options.data else []
    return shlex.join(["python", "-m", "catalogue", *quick, *seeds, *data])


def _sections(options: argparse.Namespace, pictures: Path) -> tuple[list[Section], list[str]]:
    """Each study's part of the page, and what went wrong: one study's failure does not stop the others."""
    pictures.mkdir(parents=True, exist_ok=True)
    sections, failures = [], []
    how: Any = {"store": options.store, "workers": options.workers, "progress": progress_for_terminal()}
    for name in options.only or study_entries():
        sys.stderr.write(f"{name}\n")
        try:
            entry = load_entry(name)
            result = run(_asked(entry.study, options), options.seeds, **how)
            sections.append(section(result, entry.headline, pictures))
        except NetgainError as error:
            failures.append(f"{name}: {error}")
    return sections, failures


def _asked(study: Question, options: argparse.Namespace) -> Any:
    """The study as declared, or shorter and on other images for a rehearsal."""
    if options.data and study.recipes:
        study = study.on(options.data).fitted_to(load_dataset(options.data).num_train)
    for dataset in [recipe.judged_on for recipe in study.recipes.values()][:1] if options.quick else ():
        study = study.quick(load_dataset(dataset).num_train)
    return study


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m catalogue", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this study, printed and not written")
    parser.add_argument("--quick", action="store_true", help=f"a rehearsal: shorter, written to {REHEARSAL}/")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="seeds per arm; a verdict needs 5")
    parser.add_argument("--data", help="images to use instead, for a rehearsal")
    parser.add_argument("--docs", help="the folder to write to, by default docs")
    parser.add_argument("--store", default="results.db", help="where finished runs are kept; start again to continue")
    parser.add_argument("--workers", type=int, help="networks trained at once, by default one per core")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
