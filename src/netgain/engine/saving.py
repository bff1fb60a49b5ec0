"""Trained networks as `.keras` files that plain Keras opens, and the same networks again."""

from __future__ import annotations

import json
import tempfile
import types
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from netgain.engine.inputs import pixels_of
from netgain.errors import DataError
from netgain.networks.own_description import expect_pixels

NOTE_NAME = "netgain.json"
"""A member of the `.keras` archive that Keras passes over: classes, how the images were made, their range, and their
origin: the recipe and the images that it trained on."""


def model_bytes(model: keras.Model, note: Mapping[str, Any]) -> bytes:
    """The bytes of a `.keras` file: the model as plain Keras saves it, and a note beside it, with the pixels' range."""
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(NOTE_NAME, json.dumps({**note, "pixels": pixels_of(model)}))
        return path.read_bytes()


def model_from(
    content: bytes, parts: dict[str, Any] | None = None, *, trusted: bool = False
) -> tuple[keras.Model, dict[str, Any]]:
    """The model in the bytes of a `.keras` file and its note, as :func:`load_model` gives them."""
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "network.keras"
        path.write_bytes(content)
        return load_model(path, parts, trusted=trusted)


def load_model(
    path: Path, parts: dict[str, Any] | None = None, *, trusted: bool = False
) -> tuple[keras.Model, dict[str, Any]]:
    """The model of a `.keras` file, and the note (classes, shape and range of the images) where netgain wrote it.

    Args:
        path: the file.
        parts: classes and functions that are not Keras' own, by the names that the file has for them.
        trusted: let the file run code that it carries, a lambda; Keras' `safe_mode=False`.

    Raises:
        DataError: where there is no such file or Keras cannot open it, which layer it does not know and what to do.
    """
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}; give a .keras file, such as one from netgain train --save")
    try:
        with keras.saving.custom_object_scope(parts or {}):
            model: Any = keras.saving.load_model(path, compile=False, safe_mode=not trusted)
        with zipfile.ZipFile(path) as archive:
            note = json.loads(archive.read(NOTE_NAME)) if NOTE_NAME in archive.namelist() else {}
    except Exception as error:  # Keras raises whatever the file provokes
        raise DataError(_why_it_does_not_open(path, parts or {}, error)) from error
    return expect_pixels(model, note.get("pixels")), note


def load_classifier(
    path: Path, parts: dict[str, Any] | None = None, *, trusted: bool = False
) -> tuple[keras.Model, dict[str, Any]]:
    """As :func:`load_model`, of a network that gives each image a class.

    Raises:
        DataError: as :func:`load_model` does, and for a network that reads strings or makes images.
    """
    model, note = load_model(path, parts, trusted=trusted)
    if is_generator(note):
        raise DataError(
            f"the network in {str(path)!r} makes images, expected one that gives each image a class: netgain generate "
            "makes images with it"
        )
    if is_reader(note):
        raise DataError(
            f"the network in {str(path)!r} reads strings, expected one that gives each image a class: netgain predict "
            "reads pictures with it, and the accuracy of its recipe is that of netgain train"
        )
    return model, note


def note_of(path: Path) -> dict[str, Any]:
    """The note of a `.keras` file, without opening the network; empty where there is none, or no such file.

    >>> note_of(Path("missing.keras"))
    {}
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(NOTE_NAME)) if NOTE_NAME in archive.namelist() else {}
    except (OSError, ValueError, zipfile.BadZipFile):
        return {}


def is_reader(note: Mapping[str, Any]) -> bool:
    """Whether the note of a `.keras` file is that of a network that reads strings.

    >>> is_reader({"reads": "0123456789"}), is_reader({"class_names": ["cat", "dog"]})
    (True, False)
    """
    return "reads" in note


def is_generator(note: Mapping[str, Any]) -> bool:
    """Whether the note of a `.keras` file is that of a network that makes images.

    >>> is_generator({"generates": ["0", "1"]}), is_generator({"class_names": ["cat", "dog"]})
    (True, False)
    """
    return "generates" in note


def parts_in(path: Path) -> dict[str, Any]:
    """The classes and functions that a Python file defines, by the names that a saved model asks for; the file is run.

    Raises:
        DataError: where there is no such file or it does not run.
    """
    try:
        module = types.ModuleType(path.stem)
        exec(compile(path.read_bytes(), str(path), "exec"), vars(module))  # noqa: S102 - what --with is for
    except Exception as error:  # whatever the file raises
        raise DataError(
            f"the file {str(path)!r} with your own layers does not run: {type(error).__name__}: {error}"
        ) from error
    own = {name: part for name, part in vars(module).items() if getattr(part, "__module__", None) == path.stem}
    return by_saved_name({name: part for name, part in own.items() if isinstance(part, type | types.FunctionType)})


def by_saved_name(parts: dict[str, Any]) -> dict[str, Any]:
    """A user's own classes and functions by the names under which a saved model asks for them."""
    return {
        name: part
        for part in parts.values()
        for name in (part.__name__, keras.saving.get_registered_name(part))
        if name != "<lambda>"
    }


def _why_it_does_not_open(path: Path, parts: dict[str, Any], error: Exception) -> str:
    reason = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
    unknown = [name for name in _names_asked_for(path) if name not in parts]
    if "lambda" in str(error).lower():
        advice = "it has a lambda, and its code would run when the file is opened; if you trust it, give --trust"
        return f"{str(path)!r} does not open: {advice} (or open_network(run, recipe) from Python)"
    if unknown:
        names = ", ".join(map(repr, unknown))
        advice = "give the Python file that defines them, --with mylayers.py, or from Python open_network(run, recipe)"
        return f"{str(path)!r} has layers or functions that Keras does not know: {names}; {advice}"
    return f"{str(path)!r} is not a Keras model that can be opened: {reason}"


def _names_asked_for(path: Path) -> list[str]:
    """The registered names in a model's config that are not Keras' own, in their order."""
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return []
    found: dict[str, None] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            name, module = node.get("registered_name"), str(node.get("module") or "").partition(".")[0]
            is_function = node.get("class_name") == "function"  # Keras' own stand there as plain names
            if isinstance(name, str) and (module not in {"keras", "builtins"} or is_function):
                found.setdefault(node["config"] if is_function else name)
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            look(inner)

    look(config)
    return list(found)
