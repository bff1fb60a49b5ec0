"""`netgain list`: what there is to run."""

from __future__ import annotations

import sys

from netgain.cli.options import Json, print_json


def list_command(as_json: Json = False) -> None:
    """List the studies of the catalogue and the recipes by name, with a line each."""
    from netgain.recipe import recipe_names
    from netgain.studies import study_entries

    entries = study_entries()
    if as_json:
        studies = [{"name": name, "headline": entry.headline, "claim": entry.claim} for name, entry in entries.items()]
        print_json({"studies": studies, "recipes": recipe_names()})
        return
    width = max(len(name) for name in entries)
    lines = [f"  {name:{width}}  {entry.headline}" for name, entry in entries.items()]
    sys.stdout.write("Studies (netgain study NAME):\n" + "\n".join(lines) + "\n\n")
    sys.stdout.write(f"Recipes (netgain train NAME):\n  {', '.join(recipe_names())}\n")
