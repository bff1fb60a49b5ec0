import inspect

import pytest

from netgain import errors
from netgain.errors import NetgainError, UnknownNameError, did_you_mean

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, NetgainError)]


@pytest.mark.parametrize("kind", TREE)
def test_the_docstring_draws_every_error(kind: type) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert issubclass(kind, NetgainError)


def test_unknown_name_lists_what_is_known() -> None:
    message = str(UnknownNameError("study", "xyzzy", ["b", "a"], "Look again."))
    assert message == "there is no study 'xyzzy'. Known: a, b. Look again."


def test_a_near_name_is_suggested_without_the_list() -> None:
    known = ["baseline", "dropout", "softmax"]
    assert str(UnknownNameError("study", "dropuot", known)) == "there is no study 'dropuot'; did you mean 'dropout'?"
    advised = UnknownNameError("study", "dropuot", known, "netgain list shows all names.")
    assert str(advised) == "there is no study 'dropuot'; did you mean 'dropout'? netgain list shows all names."


def test_a_long_list_is_left_to_what_shows_it() -> None:
    known = [f"name-{number}" for number in range(13)]
    assert str(UnknownNameError("study", "xyzzy", known, "See the list.")) == "there is no study 'xyzzy'. See the list."
    assert "name-12" in str(UnknownNameError("study", "xyzzy", known))


def test_far_names_are_not_suggested() -> None:
    assert did_you_mean("xyzzy", ["dropout"]) == ""
