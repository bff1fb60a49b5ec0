"""What is the price of small and of large mini-batches?

The lecture: larger batches are smoother but update less often, too small ones make a random walk; curves for 10, 30
and 300 images, no figure. netgain: see docs/results.md (5 seeds, ± test sample ± training).

The rate is 1.0 and the epochs are 100 for all, as on the slide: a batch of 300 makes a tenth of the updates.
"""

from netgain.recipe import load_recipe
from netgain.study import Study

PLACE = 19

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "batch-size",
    question="Are batches of 10 or of 300 images better than batches of 30?",
    baseline=_BASELINE,
    arms={f"{size} images": _BASELINE.change("batch_size", size) for size in (10, 300)},
    picture="loss-curves",
)
