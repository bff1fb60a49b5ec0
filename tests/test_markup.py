"""The HTML of objects in a notebook: text is escaped, and nothing is loaded or run."""

import re

from netgain.markup import badge, box, code, folded, paragraph, table

TAG = "<script>alert(1)</script>"


def test_text_is_escaped_wherever_it_comes_in() -> None:
    made = box(paragraph(TAG), badge(TAG), code(TAG), folded(TAG, table([], [[code(TAG)]])))
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 5


def test_a_table_without_headings_has_no_head() -> None:
    assert "<thead>" not in table([], [["a"]])
    assert '<th scope="col">arm</th>' in table(["arm"], [["a"]])


def test_the_style_is_for_netgains_own_objects_only_and_loads_nothing() -> None:
    style = re.search(r"<style>(.*)</style>", box(style=".chart { color: red; }"), re.DOTALL)
    assert style is not None
    blocks, depth = [], 0
    for line in style[1].splitlines():
        if depth == 0 and line.strip():
            blocks.append(line)
        depth += line.count("{") - line.count("}")
    assert depth == 0
    assert blocks == [".netgain.netgain {"] * 2  # every rule stands inside one of these
    assert "url(" not in style[1]
    assert "@import" not in style[1]
