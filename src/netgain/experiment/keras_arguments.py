"""Objects of Keras as a class name and arguments, and the objects again; refused where the two would differ."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from netgain.errors import RecipeError, near_or_all

POSITIVE = frozenset({"clipnorm", "clipvalue", "global_clipnorm", "gradient_accumulation_steps"})
"""Arguments of optimizers that are a number above 0, or None."""

NOT_NEGATIVE = frozenset({"weight_decay", "ema_overwrite_frequency", "ignore_class"})
"""Arguments that are a number from 0, or None."""


class Kind(NamedTuple):
    """A kind of part that a recipe takes from Keras.

    Attributes:
        called: the field of the recipe, and what errors call the part.
        folder: where Keras has its classes, such as "optimizers".
        base: the class from which all of them are made.
        left_out: the classes that no recipe takes, and why.
    """

    called: str
    folder: str
    base: str
    left_out: Mapping[str, str]


SCHEDULES = Kind("optimizer", "optimizers.schedules", "LearningRateSchedule", {"LearningRateSchedule": "is the base"})


def classes_of(kind: Kind) -> dict[str, Any]:
    """Keras' classes of a kind by name, with those that are left out."""
    module = _folder(kind)
    base = getattr(module, kind.base)
    return {name: one for name, one in vars(module).items() if isinstance(one, type) and issubclass(one, base)}


def described(kind: Kind, part: Any, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The class name and the arguments of a part: those that differ from their default, and the learning rate.

    Args:
        kind: what is expected.
        part: a name that Keras knows, with arguments in `config`, or an object of Keras.
        config: arguments as Keras' `get_config` gives them.

    Raises:
        RecipeError: for what Keras does not have, arguments that it does not take, and what no text can describe.
    """
    _check_backend(kind)
    given = made(kind, part, config) if isinstance(part, str) else _checked(kind, part)
    written = _arguments(given)
    _check_arguments(kind, type(given), written)  # an object may have what Keras takes and netgain does not
    return type(given).__name__, written


def made(kind: Kind, name: str, config: Mapping[str, Any]) -> Any:
    """A new object of the class that Keras means by a name.

    Raises:
        RecipeError: as :func:`described`.
    """
    part_class = _class_named(kind, name)
    arguments = {key: value for key, value in config.items() if key != "name"}
    _check_arguments(kind, part_class, arguments)
    rate = arguments.get("learning_rate")
    if isinstance(rate, Mapping):
        arguments["learning_rate"] = _schedule(rate)
    elif isinstance(rate, int):
        arguments["learning_rate"] = float(rate)
    try:
        return part_class(**arguments)
    except (TypeError, ValueError) as error:
        text = str(error).replace(f"{part_class.__name__}.__init__() ", "").strip().splitlines()[0]
        raise _refused(kind, "config", f"{part_class.__name__}: {text}") from error


def _schedule(spelled: Mapping[str, Any]) -> Any:
    with _inside_learning_rate():
        refuse_other_classes(SCHEDULES, spelled)
        schedule = made(SCHEDULES, str(spelled.get("class_name")), spelled.get("config") or {})
        _check_rates(schedule)
    return schedule


@contextmanager
def _inside_learning_rate() -> Iterator[None]:
    """Inside, a schedule's problems are those of the learning rate's argument."""
    try:
        yield
    except RecipeError as error:
        inner = [(f"config.learning_rate.{path}".rstrip("."), text) for path, text in error.problems]
        raise RecipeError(SCHEDULES.called, inner) from None


def _check_rates(schedule: Any) -> None:
    """Refuse a schedule without steps: Keras finds most of them when they are made, the others in the first update."""
    try:
        rate = float(schedule(0))
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise _refused(SCHEDULES, "config", f"{type(schedule).__name__} gives no rate: {error}") from error
    if not np.isfinite(rate):
        message = (
            f"{type(schedule).__name__} gives the rate {rate} at the first update; give it a number of steps above 0"
        )
        raise _refused(SCHEDULES, "config", message)


def _class_named(kind: Kind, name: str) -> Any:
    """The class of an exact name, of an optimizer's in small letters, or of a loss's function or short name."""
    known = classes_of(kind)
    small = {each.lower(): each for each in known}
    found = (
        name if name in known else small.get(name.lower()) if kind.folder == "optimizers" else _of_function(kind, name)
    )
    if found is None:
        allowed = sorted(set(known) - set(kind.left_out))
        raise _refused(kind, "class_name", f"Keras has no {name!r}{near_or_all(name, allowed)}")
    if found in kind.left_out:
        raise _refused(kind, "class_name", f"Keras' {found} {kind.left_out[found]}")
    return known[found]


def _of_function(kind: Kind, function: Any) -> str | None:
    """The class of losses that calls a function, given itself or by a name such as "mae"."""
    import keras

    if kind.folder != "losses":
        return None
    try:
        function = keras.losses.get(function)
    except ValueError:
        return None
    usable = {name: one for name, one in classes_of(kind).items() if name not in kind.left_out}
    return next((name for name, one in usable.items() if getattr(one(), "fn", None) is function), None)


def _checked(kind: Kind, part: Any) -> Any:
    """The part, where it is an object of Keras' own that its config describes; an object for a function of losses."""
    if inspect.isfunction(part) and (name := _of_function(kind, part)):
        return classes_of(kind)[name]()
    known, name = classes_of(kind), getattr(part, "__name__", type(part).__name__)
    if inspect.isclass(part) and part in known.values():
        raise _refused(kind, "", f"is Keras' class {name}; give an object of it, keras.{kind.folder}.{name}()")
    if type(part) not in known.values():
        raise _refused(kind, "", _what_it_is(kind, part, isinstance(part, known[kind.base])))
    if name in kind.left_out:
        raise _refused(kind, "", f"Keras' {name} {kind.left_out[name]}")
    if getattr(part, "_exclude_from_weight_decay", None) or getattr(part, "_exclude_from_weight_decay_pattern", None):
        advice = "its config does not say so, and no run could record it; let all weights decay, or use network.l2"
        raise _refused(kind, "", f"excludes weights from the decay (exclude_from_weight_decay), but {advice}")
    if kind.folder == "losses" and (dtype := getattr(part, "dtype", "float32")) != "float32":
        raise _refused(kind, "", f"computes in {dtype}, which its config does not say; leave dtype out")
    return part


def _what_it_is(kind: Kind, part: Any, is_keras_subclass: bool) -> str:
    what = f"{type(part).__module__}.{type(part).__qualname__}".removeprefix("builtins.")
    if is_keras_subclass or inspect.isfunction(part):
        own = (
            f"is your own {'function' if inspect.isfunction(part) else 'class'}, {getattr(part, '__qualname__', what)}"
        )
        advice = (
            "ng.fit trains a compiled model with it" if kind.folder != "optimizers.schedules" else "give one of these"
        )
        return f"{own}, and a recipe takes Keras' own, which every process and every later version finds; {advice}"
    wanted = f"takes a name, an object of keras.{kind.folder} or a table of class_name and config"
    return f"{wanted}; received {what} {part!r:.80}"


def refuse_other_classes(kind: Kind, spelled: Mapping[str, Any]) -> None:
    """Refuse what Keras wrote down of a class that is not its own.

    Raises:
        RecipeError: with the class.
    """
    module, registered = str(spelled.get("module") or "keras"), spelled.get("registered_name")
    if module.partition(".")[0] != "keras" or (registered and ">" in str(registered)):
        name = spelled.get("class_name")
        raise _refused(
            kind, "class_name", f"{module}.{name} is not a class of Keras' own; give one of keras.{kind.folder}"
        )


def _check_arguments(kind: Kind, part_class: Any, config: Mapping[str, Any]) -> None:
    """Refuse arguments that the class does not have, and values that Keras would only stumble over while it trains."""
    defaults = _defaults(part_class)
    for name, value in config.items():
        path, default = f"config.{name}", defaults.get(name)
        if name not in defaults:
            found = near_or_all(name, defaults, "Arguments")
            raise _refused(kind, path, f"Keras' {part_class.__name__} has no such argument{found}")
        if name == "loss_scale_factor" and value is not None:
            raise _refused(kind, path, "is for float16, in which netgain does not compute; leave it out")
        if value is None and default is not None:
            raise _refused(kind, path, f"None cannot be written in a file; give 0, or leave it out for {default!r}")
        if problem := _problem_of(name, value, default):
            raise _refused(kind, path, f"{problem}; received {value!r:.80}")


def _problem_of(name: str, value: Any, default: Any) -> str:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value) else None
    if name == "learning_rate" and not isinstance(value, Mapping):
        return (
            ""
            if number is not None and number > 0
            else "must be a number above 0, or a schedule as class_name and config"
        )
    if name in POSITIVE and value is not None:
        return "" if number is not None and number > 0 else "must be a number above 0"
    if name in NOT_NEGATIVE and value is not None:
        return "" if number is not None and number >= 0 else "must be a number from 0"
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "must be true or false"
    if isinstance(default, int | float) and not isinstance(value, Mapping):
        return "" if number is not None else "must be a number"
    return ""


def _arguments(part: Any) -> dict[str, Any]:
    """The arguments that make a part, as plain values; without defaults and the name, which Keras counts up."""
    defaults = _defaults(type(part))
    rate = {"learning_rate": _rate(part)} if "learning_rate" in defaults else {}
    told = {**vars(part), **getattr(part, "_fn_kwargs", {}), **part.get_config(), **rate}  # Huber's config has no delta
    given = {name: told.get(name, default) for name, default in defaults.items()}
    plain = json.loads(json.dumps(given))
    return {name: value for name, value in plain.items() if name == "learning_rate" or not _same(value, defaults[name])}


def _same(value: Any, default: Any) -> bool:
    """Whether a value is the default; Keras makes an empty list of a list that is not given."""
    return value == default or (default is None and value == [])


def _rate(optimizer: Any) -> Any:
    """A schedule as class name and arguments, or the number: the shortest that is the same in float32."""
    import keras

    rate = optimizer._learning_rate
    if isinstance(rate, keras.Variable):
        return float(str(np.float32(np.asarray(rate.value))))
    if not isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
        message = "is a function, which no text can describe; give a number or a schedule of keras.optimizers.schedules"
        raise _refused(SCHEDULES, "config.learning_rate", message)
    with _inside_learning_rate():
        _check_rates(_checked(SCHEDULES, rate))
    return {"class_name": type(rate).__name__, "config": _arguments(rate)}


def _defaults(part_class: Any) -> dict[str, Any]:
    """Argument -> default, for all that the class takes but its name; `...` for one that must be given."""
    parameters = inspect.signature(part_class.__init__).parameters.values()
    taken = [
        each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD and each.name not in {"self", "name"}
    ]
    return {each.name: ... if each.default is each.empty else each.default for each in taken}


def _check_backend(kind: Kind) -> None:
    import keras

    if (backend := keras.backend.backend()) != "jax":
        advice = "import netgain before keras, or set KERAS_BACKEND=jax"
        raise _refused(kind, "", f"Keras works with the backend {backend!r} here, but netgain needs 'jax'; {advice}")


def _folder(kind: Kind) -> Any:
    import keras

    return keras.optimizers.schedules if kind is SCHEDULES else getattr(keras, kind.folder)


def _refused(kind: Kind, path: str, message: str) -> RecipeError:
    return RecipeError(kind.called, [(path, message)])
