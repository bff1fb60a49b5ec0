"""What survived, as a reader wants it: the changed line, with the change marked."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from dataclasses import dataclass

NOTICED = {"killed", "caught by type check", "segfault", "timeout"}
AROUND = 50
"""Characters of a changed line shown on either side of the change."""


@dataclass(frozen=True)
class Survivors:
    """The mutants of one file: how many, how many were noticed, and the others by kind.

    `lines` are those that need a test or a reason, one a line; a timeout counts as noticed, since the suite would stop.
    """

    num_mutants: int
    num_killed: int
    num_words: int
    num_strict: int
    lines: tuple[str, ...]

    @classmethod
    def read(cls, results: str, code: str) -> Survivors:
        """Read mutmut's list of results and the file in which every mutant stands as a function of its own."""
        functions = {node.name: node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
        kinds: Counter[str] = Counter()
        lines = []
        for line in results.splitlines():
            if ": " not in line:
                continue
            mutant, status = line.strip().rsplit(": ", 1)
            name = mutant.rsplit(".", 1)[1]
            kind, shown = ("killed", "") if status in NOTICED else _seen(name, functions)
            kinds[kind] += 1
            lines += [f"  {name.rsplit('__mutmut_', 1)[0]}: {shown} [{status}]"] if kind == "other" else []
        return cls(kinds.total(), kinds["killed"], kinds["words"], kinds["strict"], tuple(lines))


def table_row(name: str, survivors: Survivors) -> str:
    """A row of the table of docs/testing.md."""
    part = name.removeprefix("src/netgain/")
    counts = [survivors.num_mutants, survivors.num_killed, survivors.num_words, survivors.num_strict]
    return " | ".join([f"| `{part}`", *map(str, counts), f"{len(survivors.lines)} |"])


def _seen(name: str, functions: dict[str, ast.FunctionDef]) -> tuple[str, str]:
    """The kind of a mutant that no test noticed ("words", "strict", "other"), and its change."""
    original = functions[name.rsplit("__mutmut_", 1)[0] + "__mutmut_orig"]
    mutant = functions[name]
    if _without_words(original) == _without_words(mutant):
        return "words", ""
    before, after = _lines(original), _lines(mutant)
    if [_without_strict(line) for line in before] == [_without_strict(line) for line in after]:
        return "strict", ""
    changed = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
    if len(before) == len(after) and len(changed) == 1:
        return "other", _marked(*changed[0])
    return "other", " ⏎ ".join(
        line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")
    )


def _lines(function: ast.FunctionDef) -> list[str]:
    body = [line for statement in function.body for line in ast.unparse(statement).splitlines()]
    return [ast.unparse(function.args), *body]


def _without_words(function: ast.FunctionDef) -> str:
    """The function with the words of each exception and warning taken out; the values in them stay."""
    tree = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.name = ""
    for node in ast.walk(tree):
        is_message = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Error", "warn", "Warning"))
        for part in ast.walk(node) if is_message else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                part.value = ""
    return ast.dump(tree)


def _without_strict(line: str) -> str:
    for said in (", strict=True", ", strict=False", ", strict=None", ", "):
        line = line.replace(said, ",")
    return line.replace(",)", ")")


def _marked(before: str, after: str) -> str:
    """The changed piece between ⟦ and ⟧, with some of the line around it."""
    start = _num_common(before, after)
    end = _num_common(before[start:][::-1], after[start:][::-1])
    piece = f"⟦{before[start : len(before) - end]}→{after[start : len(after) - end]}⟧"
    return before[max(0, start - AROUND) : start] + piece + before[len(before) - end :][:AROUND]


def _num_common(first: str, second: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))
