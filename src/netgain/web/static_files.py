"""The page's scripts and style sheets."""

from __future__ import annotations

from importlib import resources


def static_text(name: str) -> str:
    """The text of a file of the folder `static`."""
    return (resources.files("netgain.web") / "static" / name).read_text(encoding="utf-8")
