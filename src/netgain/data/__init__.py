"""Images and labels: named datasets, a user's own files, and the parts that a run trains on."""

from netgain.data.dataset import Dataset
from netgain.data.files import load_npz
from netgain.data.folder import load_folder
from netgain.data.images import read_image
from netgain.data.named import fetch, is_cached, is_named, list_sources, load_dataset, source_by_name
from netgain.data.preparing import ImageForm, Prepared, prepare_image
from netgain.data.source import Source
from netgain.data.splits import Split, SplitKind, split, warn_of_split
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.line import LineForm, prepare_line
from netgain.data.strings.named import load_strings

__all__ = [
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
