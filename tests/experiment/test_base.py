"""What every declaration shares: it is checked when it is made, changed by path, and says what is wrong where."""

import importlib
import pkgutil
from typing import ClassVar, get_args

import pytest
from pydantic import ValidationError, field_validator

import netgain
from netgain.errors import RecipeError
from netgain.experiment.base import Declaration


class Wheel(Declaration):
    called: ClassVar[str] = "wheel"

    spokes: int = 28
    width: float = 1.5

    @field_validator("width")
    @classmethod
    def _wide_enough(cls, width: float) -> float:
        if width <= 0:
            raise ValueError(f"a wheel has a width; received {width}")
        return width


class Bicycle(Declaration):
    called: ClassVar[str] = "bicycle"

    name: str
    front: Wheel = Wheel()
    spare: Wheel | None = None
    gears: int | None = None


BICYCLE = Bicycle(name="b")


def test_a_copy_is_changed_at_a_path_and_the_original_left_alone() -> None:
    changed = BICYCLE.change("front.spokes", 36)
    assert (changed.front, changed.name) == (Wheel(spokes=36), "b")
    assert BICYCLE.front.spokes == 28
    assert BICYCLE.change("front", Wheel(width=2)).front.width == 2
    with pytest.raises(ValidationError, match="frozen"):
        BICYCLE.name = "c"


def test_a_path_through_a_field_that_is_none_makes_what_it_takes() -> None:
    changed = BICYCLE.change("spare.spokes", 20)
    assert changed.spare == Wheel(spokes=20)
    assert changed.change("spare.width", 2.0).spare == Wheel(spokes=20, width=2.0)
    with pytest.raises(RecipeError, match="gears.ratio: 'gears' is None here and has no field 'ratio'; set 'gears'"):
        BICYCLE.change("gears.ratio", 3)
    with pytest.raises(RecipeError, match="name.first: 'name' is 'b' here and has no field 'first'"):
        BICYCLE.change("name.first", 3)


@pytest.mark.parametrize(
    ("path", "value", "problems"),
    [
        ("colour", 1, [("colour", "there is no such field. Fields: name, front, spare, gears.")]),
        (
            "frnot.spokes",
            1,
            [("frnot.spokes", "there is no such field; did you mean 'front'?")],
        ),
        (
            "front.spoke",
            1,
            [("front.spoke", "there is no such field; did you mean 'spokes'?")],
        ),
        ("front.width", -1, [("front.width", "a wheel has a width; received -1.0")]),
        ("spare.width", 0, [("spare.width", "a wheel has a width; received 0.0")]),
        ("front.width", float("inf"), [("front.width", "must be a finite number; received inf")]),
    ],
)
def test_a_change_that_cannot_be_names_the_whole_path(path: str, value: float, problems: list) -> None:
    with pytest.raises(RecipeError) as refused:
        BICYCLE.change(path, value)
    assert list(refused.value.problems) == problems
    assert refused.value.subject == "bicycle"


def test_every_field_at_fault_is_named_at_once() -> None:
    with pytest.raises(RecipeError) as refused:
        Bicycle(front={"spokes": "many", "width": -1}, gears=1.5, bell=True)  # pyright: ignore
    assert [path for path, _ in refused.value.problems] == ["name", "front.spokes", "front.width", "gears", "bell"]
    messages = dict(refused.value.problems)
    assert messages["name"] == "must be given"
    assert messages["front.spokes"].startswith("must be a valid integer")
    assert messages["front.spokes"].endswith("received 'many'")
    assert messages["bell"].startswith("there is no such field")
    assert str(refused.value).startswith("invalid bicycle: name: must be given; front.spokes: must be")


def test_what_a_nested_declaration_refuses_keeps_its_path() -> None:
    with pytest.raises(RecipeError, match="invalid bicycle: front.width: a wheel has a width"):
        Bicycle(name="b", front={"width": -2})  # pyright: ignore[reportArgumentType]
    with pytest.raises(RecipeError, match="invalid wheel: width: a wheel has a width"):
        Wheel(width=-2)


def _declarations(kind: type[Declaration] = Declaration) -> list[type[Declaration]]:
    found = [kind] if kind.__module__.startswith("netgain.") else []
    return [*found, *(one for below in kind.__subclasses__() for one in _declarations(below))]


def test_none_is_the_default_of_every_field_that_may_be_none() -> None:
    """TOML cannot say "none", so a field that is not written must mean it."""
    for module in pkgutil.walk_packages(netgain.__path__, "netgain."):
        if module.name.startswith(("netgain.experiment", "netgain.networks", "netgain.tasks")):
            importlib.import_module(module.name)
    kinds = _declarations()
    assert len(kinds) > 15
    for kind in kinds:
        for name, field in kind.model_fields.items():
            may_be_none = type(None) in get_args(field.annotation)
            assert not may_be_none or field.is_required() or field.default is None, f"{kind.__name__}.{name}"
