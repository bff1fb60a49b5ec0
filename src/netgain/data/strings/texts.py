"""The texts of a string dataset: which characters there are, and as numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from netgain.errors import DataError


def as_texts(name: str, texts: Iterable[Any], num_images: int) -> tuple[str, ...]:
    """The texts of a part, one for each image.

    Raises:
        DataError: for anything but strings, an empty one, one with a character that cannot be printed, or another
            number of texts than of images.

    >>> as_texts("texts_train", ["20", "26"], 2)
    ('20', '26')
    """
    if isinstance(texts, str):
        raise DataError(f"{name} is the single text {texts!r}, expected a list with one text for each image")
    found = tuple(str(text) if isinstance(text, str) else text for text in texts)
    for number, text in enumerate(found):
        if not isinstance(text, str):
            raise DataError(
                f"{name}[{number}] is {text!r} of type {type(text).__name__}, expected a string such as '2026': "
                f"convert all of them, {name} = [str(text) for text in {name}]; zeros in front of a number are lost "
                "where it was kept as a number"
            )
        if not text or not text.isprintable() or text.strip() != text:
            raise DataError(
                f"{name}[{number}] is {text!r}, expected at least one character, and none of them a line break or a "
                "space at the ends: write down what the image shows, or remove the image"
            )
    if len(found) != num_images:
        raise DataError(
            f"{name} has {len(found):,} texts for {num_images:,} images; every image needs one text, in the same order"
        )
    return found


def as_alphabet(alphabet: str | None, parts: dict[str, tuple[str, ...]]) -> str:
    """The characters of the training texts, or those given, in order of their code points.

    Raises:
        DataError: for a character of a test text that no training text has, one outside the alphabet given, one given
            twice, and two that are forms of the same character.

    >>> as_alphabet(None, {"texts_train": ("20", "26"), "texts_test": ("6",)})
    '026'
    """
    first = next(iter(parts))
    trained = set("".join(parts[first]))
    if alphabet is not None:
        _check_given(alphabet)
    known = trained if alphabet is None else set(alphabet)
    for name, texts in parts.items():
        for number, text in enumerate(texts):
            if outside := [character for character in text if character not in known]:
                raise _outside(f"{name}[{number}]", text, outside[0], known, is_given=alphabet is not None)
            if unseen := [character for character in text if character not in trained]:
                raise _outside(f"{name}[{number}]", text, unseen[0], trained, is_given=False)
    _check_forms(known)
    return "".join(sorted(known))


def as_numbers(texts: Sequence[str], alphabet: str, longest: int) -> np.ndarray:
    """The labels of texts, read-only int32 `[N, longest]`: character k of the alphabet is k + 1, and 0 is padding.

    >>> as_numbers(["20", "6"], "026", longest=3)
    array([[2, 1, 0],
           [3, 0, 0]], dtype=int32)
    """
    number_of = {character: number for number, character in enumerate(alphabet, start=1)}
    labels = np.zeros((len(texts), longest), np.int32)
    for row, text in zip(labels, texts, strict=True):
        row[: len(text)] = [number_of[character] for character in text]
    labels.flags.writeable = False
    return labels


def described(character: str) -> str:
    """A character so that nobody takes it for another one that looks the same.

    >>> described("7"), described("７")
    ("'7'", "'７' (FULLWIDTH DIGIT SEVEN)")
    """
    return repr(character) if character.isascii() else f"{character!r} ({unicodedata.name(character, 'unnamed')})"


def _check_given(alphabet: str) -> None:
    if not isinstance(alphabet, str) or not alphabet:
        raise DataError(f"an alphabet is a text of all characters, such as '0123456789'; received {alphabet!r}")
    if twice := [character for character in alphabet if alphabet.count(character) > 1]:
        raise DataError(
            f"the alphabet {alphabet!r} has {described(twice[0])} twice, expected every character once: remove one"
        )


def _check_forms(known: set[str]) -> None:
    """Refuse two characters that mean the same, such as a full-width and an ordinary digit."""
    forms: dict[str, str] = {}
    for character in sorted(known):
        other = forms.setdefault(unicodedata.normalize("NFKC", character), character)
        if other != character:
            raise DataError(
                f"the texts have {described(other)} and {described(character)}, two forms of the same character, which "
                f"a reader would learn as two: write {described(other)} in all texts"
            )


def _outside(place: str, text: str, character: str, known: set[str], *, is_given: bool) -> DataError:
    listed = "".join(sorted(known))
    if is_given:
        return DataError(
            f"{place} is {text!r}; its character {described(character)} is not in the alphabet {listed!r}: correct the "
            "text, or add the character to the alphabet"
        )
    return DataError(
        f"{place} is {text!r}; its character {described(character)} is in no training text (they have {listed!r}), so "
        "a reader could never learn it: correct the text, or add training images with this character"
    )
