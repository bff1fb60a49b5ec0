"""`netgain list`: the studies, demonstrations and recipes."""

from __future__ import annotations

import sys

from netgain.cli.options import Json, print_json


def list_command(as_json: Json = False) -> None:
    """List the studies and demonstrations of the catalogue, one line each, and the names of the recipes."""
    from netgain.experiment.recipe_files import recipe_names
    from netgain.studies import study_entries

    entries = study_entries()
    if as_json:
        studies = [
            {
                "name": name,
                "kind": entry.study.called,
                "headline": entry.headline,
                "claim": entry.claim,
            }
            for name, entry in entries.items()
        ]
        print_json({"studies": studies, "recipes": recipe_names()})
        return
    width = max(len(name) for name in entries)
    for title, kind in (("Studies", "study"), ("Demonstrations", "demonstration")):
        lines = [f"  {name:{width}}  {entry.headline}" for name, entry in entries.items() if entry.study.called == kind]
        sys.stdout.write(f"{title} (netgain study NAME):\n" + "\n".join(lines) + "\n\n")
    sys.stdout.write(f"Recipes (netgain train NAME):\n  {', '.join(recipe_names())}\n")
