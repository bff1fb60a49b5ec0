"""Permalinks: what the page's address keeps of each tab, and how an opened address fills the tab again.

The browser writes the address (`static/address.js`); what it asks for is checked here, because anybody can type one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import gradio as gr
from gradio.components import Component

from netgain.errors import NetgainError, did_you_mean
from netgain.web import look
from netgain.web.static_files import static_text

Values = Mapping[str, str]
"""What an address says of one tab, by name, as it was typed."""


class AddressError(NetgainError):
    """An address that asks for something that is not there."""


class Kept(NamedTuple):
    """What the address keeps of a tab.

    Attributes:
        names: what it may say of the tab.
        outputs: the components that it fills.
        fill: from what the address says to the new values of `outputs`; raises a `NetgainError` for what is not there.
        followed: the components whose changes the address follows, by name.
    """

    names: Sequence[str]
    outputs: Sequence[Component | gr.Column]
    fill: Callable[[Values], Sequence[Any]]
    followed: Mapping[str, Any]


def link(tab: str, **values: str) -> str:
    """The address of a tab, with what it shows.

    >>> link("verdicts", study="l1", arm="L1 0.001")
    '?tab=verdicts&study=l1&arm=L1+0.001'
    """
    return "?" + urlencode({"tab": tab, **values})


def anchor(words: str, tab: str, attributes: str = "", **values: str) -> str:
    """A link that changes the page without loading it again; `words` and `attributes` are HTML."""
    return f'<a data-here{attributes} href="{escape(link(tab, **values))}">{words}</a>'


def kept_fields(fields: Mapping[str, tuple[Any, Callable[[str], Any]]]) -> Kept:
    """What the address keeps of a tab whose components each hold one value.

    Args:
        fields: by name, the component and what makes its value from the text of the address; without a text the
            component takes its first value.
    """
    first = {name: component.value for name, (component, _) in fields.items()}

    def fill(values: Values) -> list[Any]:
        return [read(values[name]) if name in values else first[name] for name, (_, read) in fields.items()]

    followed = {name: component for name, (component, _) in fields.items()}
    return Kept(list(fields), list(followed.values()), fill, followed)


def one_of(kind: str, known: Sequence[str]) -> Callable[[str], str]:
    """Takes a text that is one of the known names; refuses every other."""

    def read(text: str) -> str:
        if text not in known:
            raise AddressError(f"there is no {kind} {text!r}{did_you_mean(text, known) or '.'}")
        return text

    return read


def number_in(name: str, low: float, high: float) -> Callable[[str], float]:
    """Takes a number of a slider; refuses what is not one, and what the slider cannot show."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise AddressError(f"{name} must be a number from {low:g} to {high:g}; the address asks for {text!r}.")
        return value

    return read


def follow_address(page: gr.Blocks, problem: gr.HTML, places: Mapping[str, Kept]) -> None:
    """Let the address follow what the tabs show, and the tabs the address. Call it last inside the page.

    Args:
        page: the page that is being made.
        problem: where an address that asks for what is not there is told so.
        places: what it keeps of each tab, by the tab's id; the first one is shown where the address names none.
    """
    first = {
        name: {key: _text(component.value) for key, component in place.followed.items()}
        for name, place in places.items()
    }
    script = static_text("address.js")
    asked = gr.HTML("", html_template="", js_on_load=script, elem_id="address", first=first)
    outputs = [problem, *(output for place in places.values() for output in place.outputs)]

    def filled(query: str) -> list[Any]:
        return _filled(query, places)

    page.load(filled, asked, outputs, js="() => [location.search]", show_progress="hidden")
    asked.input(filled, asked, outputs, show_progress="hidden")
    for name, place in places.items():
        for key, component in place.followed.items():
            values = f"{json.dumps(name)}, {{ {json.dumps(key)}: value }}"
            component.change(None, component, None, js=f"(value) => {{ window.netgainAddress?.keep({values}); }}")


def _filled(query: str, places: Mapping[str, Kept]) -> list[Any]:
    """The message and the new values of every tab's outputs; those of the tabs that are not asked for stay."""
    values = {key: text for key, text in parse_qsl(query.lstrip("?")) if not key.startswith("__")}  # Gradio's own
    name = values.pop("tab", next(iter(places)))
    updates: dict[str, Sequence[Any]] = {}
    said = ""
    try:
        updates[name] = _of_tab(name, values, places)
    except NetgainError as error:
        said = look.problem(f"{error}", ' <a data-here href="?">Show all verdicts</a>')
    new = [updates.get(each, [gr.skip()] * len(place.outputs)) for each, place in places.items()]
    return [said, *(value for of_tab in new for value in of_tab)]


def _of_tab(name: str, values: Values, places: Mapping[str, Kept]) -> Sequence[Any]:
    one_of("tab", list(places))(name)
    kept = places[name]
    unknown = [key for key in values if key not in kept.names]
    if unknown:
        listed = f"it keeps {', '.join(kept.names)}" if kept.names else "it keeps nothing else"
        raise AddressError(f"the address of the tab {name!r} has no {unknown[0]!r}; {listed}.")
    return kept.fill(values)


def _text(value: Any) -> str:
    """A value as JavaScript writes it."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)
