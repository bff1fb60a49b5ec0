"""Every form in which the engine's kernels exist, and plain JAX, which stands in where there are none."""

from collections.abc import Iterator

import pytest

from netgain.engine import native


@pytest.fixture(params=[*native.INSTRUCTION_SETS, "jax"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs once with each form that this machine has."""
    name = request.param
    if name != "jax" and name not in native.available():
        pytest.skip(f"no {name} kernels on this machine")
    with native.using(None if name == "jax" else name):
        yield name
