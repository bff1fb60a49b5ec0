"""The base of everything that is declared before it runs: frozen, checked when it is made, changeable by path."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

from netgain.errors import RecipeError, did_you_mean, near_or_all
from netgain.experiment.shown import ShownField, fields_html
from netgain.markup import one_line


class Declaration(BaseModel):
    """A frozen object whose fields are checked when it is made.

    A wrong field, value or combination raises :class:`netgain.errors.RecipeError`, which names the dotted
    path of every field at fault.

    Attributes:
        called: what errors call a declaration of this class.
    """

    called: ClassVar[str] = "declaration"

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            known = list(type(self).model_fields)
            problems = [problem for detail in error.errors() for problem in _problems(detail, known)]
            raise RecipeError(self.called, problems) from None

    def change(self, path: str, value: Any) -> Self:
        """A copy with the field at a dotted path set to `value`, checked like a new one.

        >>> from netgain.experiment.early_stopping import EarlyStopping
        >>> EarlyStopping(patience=3).change("patience", 5).patience
        5

        A path through a field that is None makes what the field takes, with its defaults.
        """
        name, _, rest = path.partition(".")
        if name not in type(self).model_fields:
            found = near_or_all(name, type(self).model_fields, "Fields")
            raise RecipeError(self.called, [(path, f"there is no such field{found}")])
        if rest:
            try:
                value = self._changed_inside(name, rest, value)
            except RecipeError as error:
                raise RecipeError(self.called, [(_join(name, inner), text) for inner, text in error.problems]) from None
        return type(self)(**{**self._values(), name: value})

    def shown_fields(self) -> list[ShownField]:
        """What there is to show of it, field by field, with the fields of the declarations inside."""
        shown: list[ShownField] = []
        for name, field in type(self).model_fields.items():
            if not field.repr:
                continue
            value, default = getattr(self, name), self._default(name)
            if isinstance(value, Declaration):
                if type(value) is not type(default):
                    shown.append(ShownField(name, type(value), default))
                shown += [inner._replace(path=f"{name}.{inner.path}") for inner in value.shown_fields()]
            else:
                shown.append(ShownField(name, value, default))
        return shown

    def _default(self, name: str) -> Any:
        """The value of a field that is not given; `...` where it must be given."""
        default = type(self).model_fields[name].get_default(call_default_factory=True)
        return ... if default is PydanticUndefined else default

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """What stands between the brackets of its `repr`: the fields that differ from their default."""
        fields = type(self).model_fields
        values = [(name, getattr(self, name)) for name in fields if fields[name].repr]
        return [(name, value) for name, value in values if value != self._default(name)]

    def __repr__(self) -> str:
        return one_line(str(self))

    def __str__(self) -> str:
        args = ((name, str(one) if isinstance(one, Declaration) else repr(one)) for name, one in self.__repr_args__())
        return f"{type(self).__name__}({', '.join(f'{name}={value}' if name else value for name, value in args)})"

    def _repr_html_(self) -> str:
        return fields_html(type(self).__name__, self.shown_fields())

    def _changed_inside(self, name: str, rest: str, value: Any) -> Any:
        """The declaration in a field, changed; if there is no declaration yet, a new one with only that field set."""
        inner = getattr(self, name)
        if isinstance(inner, Declaration):
            return inner.change(rest, value)
        possible = (kind for kind in get_args(type(self).model_fields[name].annotation) if isinstance(kind, type))
        kind = next((kind for kind in possible if issubclass(kind, Declaration)), None)
        if inner is not None or kind is None:
            message = f"{name!r} is {inner!r} here and has no field {rest!r}; set {name!r} as a whole"
            raise RecipeError(self.called, [(rest, message)])
        return kind(**{rest: value})

    def _values(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in type(self).model_fields}


def _join(path: str, inner: str) -> str:
    return ".".join(part for part in (path, inner) if part)


def _choices(detail: ErrorDetails) -> list[str]:
    """The texts that a field takes, of pydantic's `'a', 'b' or 'c'`."""
    return re.findall(r"'([^']*)'", detail.get("ctx", {}).get("expected", ""))


def _problems(detail: ErrorDetails, known: list[str]) -> list[tuple[str, str]]:
    """What pydantic found, in our words: pairs of dotted path and message."""
    path = ".".join(str(part) for part in detail["loc"] if not str(part).startswith("function-"))
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, RecipeError):  # a nested declaration that was refused: keep its own paths
        return [(_join(path, inner), text) for inner, text in cause.problems]
    if cause is not None:  # a ValueError from one of our validators
        return [(path, str(cause))]
    if detail["type"] == "extra_forbidden":
        return [(path, f"there is no such field{near_or_all(path, known, 'Fields')}")]
    if detail["type"] == "missing":
        return [(path, "must be given")]
    if detail["type"] == "literal_error" and (near := did_you_mean(str(detail["input"]), _choices(detail), 0.75)):
        return [(path, f"there is no {detail['input']!r}{near}")]
    message = detail["msg"].replace("Input should be", "must be").rstrip(".")
    received = repr(detail["input"])
    return [(path, f"{message[0].lower()}{message[1:]}; received {received[:80]}")]
