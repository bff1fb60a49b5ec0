"""Keras' settings that hold for a whole process, as a value: they decide what a layer without such a setting does."""

from __future__ import annotations

from typing import Self, final

from netgain.experiment.base import Declaration


@final
class KerasSettings(Declaration):
    """What `keras.json`, `keras.config.set_…` and `keras.mixed_precision` set for all layers made afterwards.

    Attributes:
        floatx: the type of numbers where a layer names none.
        epsilon: the smallest number that Keras adds before it divides or takes a logarithm.
        image_data_format: where the channels of an image are, "channels_last" or "channels_first".
        dtype_policy: the name of the policy of layers that name none, such as "mixed_bfloat16".

    >>> KerasSettings() == STANDARD
    True
    """

    floatx: str = "float32"
    epsilon: float = 1e-7
    image_data_format: str = "channels_last"
    dtype_policy: str = "float32"

    @classmethod
    def now(cls) -> Self:
        """The settings of this process and, for the policy, of this thread."""
        import keras

        return cls(
            floatx=keras.config.floatx(),
            epsilon=keras.config.epsilon(),
            image_data_format=keras.config.image_data_format(),
            dtype_policy=keras.config.dtype_policy().name,
        )


STANDARD = KerasSettings()
"""As Keras comes: under these, netgain's own networks are built and trained, whatever a user's process has set."""
