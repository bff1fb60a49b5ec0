"""What the Tab key completes besides commands, options and files: names, found without importing anything heavy."""

from __future__ import annotations


def studies(incomplete: str) -> list[str]:
    """The studies and demonstrations that begin so.

    >>> studies("drop")
    ['dropout']
    """
    from netgain.studies import study_names

    return _beginning(study_names(), incomplete)


def recipes(incomplete: str) -> list[str]:
    """The recipes that begin so."""
    from netgain.experiment.recipe_files import recipe_names

    return _beginning(recipe_names(), incomplete)


def _beginning(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
