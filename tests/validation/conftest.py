"""Makes `validation` importable under plain `pytest` too, which does not put the project's root on the path."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
