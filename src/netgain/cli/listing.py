"""`netgain list`: what there is to run."""

from __future__ import annotations

import sys

from netgain.cli.options import Json, print_json


def list_command(as_json: Json = False) -> None:
    """List the studies and demonstrations of the catalogue with a line each, and the recipes by name."""
    from netgain.demonstration import Demonstration
    from netgain.recipe import recipe_names
    from netgain.studies import study_entries
    from netgain.study import Study

    entries = study_entries()
    if as_json:
        studies = [
            {
                "name": name,
                "kind": "demonstration" if isinstance(entry.study, Demonstration) else "study",
                "headline": entry.headline,
                "claim": entry.claim,
            }
            for name, entry in entries.items()
        ]
        print_json({"studies": studies, "recipes": recipe_names()})
        return
    width = max(len(name) for name in entries)
    for title, kind in (("Studies", Study), ("Demonstrations", Demonstration)):
        lines = [f"  {n:{width}}  {entry.headline}" for n, entry in entries.items() if isinstance(entry.study, kind)]
        sys.stdout.write(f"{title} (netgain study NAME):\n" + "\n".join(lines) + "\n\n")
    sys.stdout.write(f"Recipes (netgain train NAME):\n  {', '.join(recipe_names())}\n")
