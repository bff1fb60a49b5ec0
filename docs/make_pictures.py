"""Makes the pictures of the README from a real study: `python docs/make_pictures.py [STORE]`."""

import sys
from pathlib import Path

import netgain as ng

PICTURES = Path(__file__).parent / "pictures"


def main(store: str) -> None:
    """Run the dropout study, as far as the store lacks it, and write its learning curves."""
    result = ng.run(ng.load_study("dropout"), seeds=5, store=store)
    result.chart("learning-curves").save(PICTURES / "dropout.png", ppi=144)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "netgain.db")
