"""What can go wrong, as one tree.

::

    NetgainError
    ├── UnknownNameError    a study, dataset, recipe or chart with an unknown name
    ├── RecipeError         an invalid recipe, network or study (field, value or combination)
    ├── DataError           images, labels or files that cannot be used
    │   └── FetchError      no source delivered the dataset
    ├── StatisticsError     arrays that no statistic can be computed from
    ├── StoreError          a store that cannot be opened, read or written
    ├── TrainingError       a run that cannot be started, or a worker that keeps dying
    │   ├── ComputerError   the computer is at fault, not the recipe: a file, a package or memory that is missing
    │   └── ClusterError    a cluster that cannot be used: not reached, without netgain, with other versions, lost
    ├── OutputError         a report, picture or model file that cannot be written
    └── ServerError         a page that cannot be served

Every message says what was passed, what was expected and how to correct it, in one paragraph: the command
line prints it unchanged. Expected outcomes (a run that diverges, a verdict that stays open) are values,
not errors.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NetgainError(Exception):
    """Any error that netgain raises on purpose; catch this one to catch them all."""


class UnknownNameError(NetgainError, LookupError):
    """A name that is not in the list it was looked up in: with the nearest one, or else with all of a short list.

    >>> print(UnknownNameError("study", "dropuot", ["baseline", "dropout"], "netgain list shows all names."))
    there is no study 'dropuot'; did you mean 'dropout'? netgain list shows all names.
    >>> print(UnknownNameError("study", "xyz", ["baseline", "dropout"]))
    there is no study 'xyz'. Known: baseline, dropout.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], advice: str = "") -> None:
        known = sorted(known)
        long = len(known) > MOST_NAMES and advice
        found = did_you_mean(name, known) if long or not known else near_or_all(name, known)
        super().__init__(f"there is no {kind} {name!r}{found or '.'}{' ' + advice if advice else ''}")


class RecipeError(NetgainError, ValueError):
    """One or more invalid fields of a declaration.

    Attributes:
        problems: pairs of the field's dotted path ("" for the whole) and what is wrong with it.
    """

    def __init__(self, subject: str, problems: Iterable[tuple[str, str]]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        parts = [f"{path}: {message}" if path else message for path, message in self.problems]
        super().__init__(f"invalid {subject}: {'; '.join(parts)}")


class DataError(NetgainError, ValueError):
    """Images, labels or files of images that cannot be used as they are."""


class FetchError(DataError):
    """None of a dataset's sources delivered it."""


class StatisticsError(NetgainError, ValueError):
    """Arrays from which the statistic asked for cannot be computed."""


class StoreError(NetgainError):
    """A store that cannot be opened, read or written."""


class TrainingError(NetgainError, RuntimeError):
    """A run that cannot be started or carried through."""


class ComputerError(TrainingError):
    """A run that failed for a reason outside its recipe, so that the same run may succeed elsewhere or later."""


class ClusterError(TrainingError):
    """A cluster that cannot be used, or was lost. Finished runs are kept; what was running is trained the next time."""


class OutputError(NetgainError, OSError):
    """A file for the user that cannot be written."""


class ServerError(NetgainError, OSError):
    """A page that cannot be served: a port in use, an address that is not safe, a missing package."""


MOST_NAMES = 12
"""A longer list of names is not shown where something else shows it."""


def near_or_all(name: str, known: Iterable[str], called: str = "Known") -> str:
    """The nearest known name as a half sentence, or else all of them.

    >>> near_or_all("epoch", ["epochs", "loss"]), near_or_all("x", ["epochs", "loss"], "Fields")
    ("; did you mean 'epochs'?", '. Fields: epochs, loss.')
    """
    known = list(known)
    return did_you_mean(name, known) or f". {called}: {', '.join(known)}."


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """The nearest known name as a half sentence, or an empty string where none is as alike as `cutoff` (0 to 1).

    >>> did_you_mean("epoch", ["epochs", "loss"])
    "; did you mean 'epochs'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f"; did you mean {near[0]!r}?" if near else ""
