"""docs/performance.md: the words of performance.md.in around tables made from docs/performance.json."""

from __future__ import annotations

from pathlib import Path
from string import Template

from benchmarks import tables
from benchmarks.results import Results

WORDS = Path(__file__).parent / "performance.md.in"


def write(results: Results, path: Path) -> None:
    """Write the page; its figures are those of the results and no others."""
    path.write_text(text(results), encoding="utf-8")


def text(results: Results) -> str:
    """The page in Markdown."""
    return Template(WORDS.read_text(encoding="utf-8")).substitute(
        machine=_machine(results),
        versions=_versions(results),
        sessions=_sessions(results),
        targets=tables.target_table(results),
        tasks=tables.task_tables(results),
        tasks_picture=_picture(results, "tasks", "Seconds per epoch of every configuration"),
        growth_picture=_picture(results, "growth", "Seconds and memory against images, batch size, width and seeds"),
        limit=tables.limit_table(results),
        alone=tables.alone_table(results),
        generator=tables.generator_tables(results),
        study=tables.study_table(results),
        startup=tables.startup_table(results),
        first=tables.first_table(results),
        accuracy=tables.accuracy_table(results),
        growth=tables.growth_table(results),
    )


def _picture(results: Results, part: str, words: str) -> str:
    return f"![{words}](pictures/performance-{part}.png)" if part in results.data else f"*{tables.NOT_YET}*"


def _machine(results: Results) -> str:
    machine = results.data.get("machine")
    return f"{machine['cores']} cores of {machine['processor']}, {machine['system']}" if machine else tables.NOT_YET


def _versions(results: Results) -> str:
    versions = results.data.get("versions", {})
    return ", ".join(f"{name} {version}" for name, version in versions.items()) or tables.NOT_YET


def _sessions(results: Results) -> str:
    found = {
        measurement["session"]
        for part in results.data.values()
        for group in part.values()
        if isinstance(group, dict)
        for entry in group.values()
        for measurement in entry.get("repeats", [])
    }
    return f"{len(found)}, begun from {min(found)} to {max(found)}" if found else tables.NOT_YET
