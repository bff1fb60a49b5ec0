import subprocess
import sys

import netgain.data

HEAVY = ("PIL", "jax", "keras", "scipy", "sklearn", "urllib.request")


def test_public_names() -> None:
    assert netgain.data.__all__ == [
        "Dataset",
        "ImageForm",
        "LineForm",
        "Prepared",
        "Source",
        "Split",
        "SplitKind",
        "StringDataset",
        "fetch",
        "is_cached",
        "is_named",
        "list_sources",
        "load_dataset",
        "load_folder",
        "load_npz",
        "load_strings",
        "prepare_image",
        "prepare_line",
        "read_image",
        "source_by_name",
        "split",
        "warn_of_split",
    ]
    assert all(hasattr(netgain.data, name) for name in netgain.data.__all__)


def test_importing_it_costs_little_beyond_numpy() -> None:
    program = f"import sys, netgain.data; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
