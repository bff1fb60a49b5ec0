"""Every form in which the engine's kernels exist, and plain JAX, which stands in where there are none."""

from collections.abc import Iterator

import pytest

from netgain.engine import native
from netgain.engine.kernels import INSTRUCTION_SETS, PLAIN_JAX, available


@pytest.fixture(params=(*INSTRUCTION_SETS, PLAIN_JAX))
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs once with each form that this machine has."""
    name = request.param
    if name not in (*available(), PLAIN_JAX):
        pytest.skip(f"no {name} kernels on this machine")
    with native.using(name):
        yield name


@pytest.fixture
def fastest() -> str:
    """The kernels that are used here, where there are any."""
    if not native.has_kernels():
        pytest.skip("no kernels on this machine")
    return native.used()
