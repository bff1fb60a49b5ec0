"""Statistics that show themselves by what they say, not by their arrays."""

from __future__ import annotations

from netgain.markup import MOST_CHARACTERS, badge, box, one_line, paragraph


class Said:
    """Statistics whose `str` says what they found, in a line or a few; their `repr` is its first line.

    >>> class Count(Said):
    ...     def __str__(self) -> str:
    ...         return "3 of 5 right" + chr(10) + "2 wrong"
    >>> Count()
    <Count: 3 of 5 right (and 1 more line)>
    """

    def __repr__(self) -> str:
        first, *others = str(self).splitlines()
        more = f" (and {len(others)} more line{'s' if len(others) > 1 else ''})" if others else ""
        start, end = f"<{type(self).__name__}: ", f"{more}>"
        return f"{start}{one_line(first, MOST_CHARACTERS - len(start) - len(end))}{end}"

    def _repr_html_(self) -> str:
        lines = [paragraph(line) for line in str(self).splitlines()]
        outcome = getattr(self, "outcome", None)
        return box(f"<p>{badge(outcome.value)}</p>" if outcome else "", *lines)
