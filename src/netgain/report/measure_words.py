"""What a task measures, in the words of axes, titles and sentences."""

from __future__ import annotations

from netgain.tasks.task import Measure

OF_IMAGES = Measure(item="test image")
"""The accuracy on test images, where no other measure is given."""


def axis(measure: Measure) -> str:
    """The title of an axis.

    >>> axis(OF_IMAGES)
    'accuracy, %'
    """
    return f"{measure.name}, {measure.unit}"


def kind_of_items(measure: Measure) -> str:
    """The items, whatever part they belong to.

    >>> kind_of_items(OF_IMAGES), kind_of_items(Measure(item="number"))
    ('images', 'numbers')
    """
    return measure.items.removeprefix("test ")


def training_items(measure: Measure) -> str:
    """The items that are learnt from.

    >>> training_items(OF_IMAGES)
    'training images'
    """
    return f"training {kind_of_items(measure)}"


def judged_items(measure: Measure) -> str:
    """The items that are judged on, beside those that are learnt from.

    >>> judged_items(OF_IMAGES), judged_items(Measure(item="number"))
    ('test images', 'test numbers')
    """
    return f"test {kind_of_items(measure)}"
