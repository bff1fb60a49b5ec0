"""How accurate are trained networks on rotated test digits, and does augmentation help?

The lecture asks it (practice 02) and gives no figure: train one of the last examples, then rotate the test sample.
netgain, 5 seeds, ± test sample ± training: baseline 98.73 ± 0.09 ± 0.02 %; rotated up to 90° 95.99 ± 0.17 ± 0.07 %
(WORSE, -2.74); rotated up to 25°, shifted, zoomed, slanted, bent 98.60 ± 0.10 ± 0.04 % (UNDECIDABLE HERE, -0.13). 22.8
to 30.5 s per network (docs/results.md). Also: curves from -90° to 90° with 95 % bands, and for shifted, blurred and
noisy digits too. The verdicts are on the unchanged test digits: what augmentation costs there.
"""

from netgain.experiment.augmentation import Augmentation
from netgain.experiment.study import Study
from netgain.studies.examine.transformed import MEASUREMENT, examine
from netgain.tasks.recipes import load_recipe

PLACE = 32

_BASELINE = load_recipe("convnet")
_ALL = Augmentation(rotation=25, shift=2, zoom=(0.9, 1.1), shear=10, elastic=0.7)

STUDY = Study(
    "rotated-test",
    question="How accurate are networks on rotated test digits, and does augmentation help?",
    baseline=_BASELINE,
    arms={
        "rotated up to 90°": _BASELINE.change("augmentation.rotation", 90),
        "rotated up to 25°, shifted, zoomed, slanted, bent": _BASELINE.change("augmentation", _ALL),
    },
    examine=examine,
    measurement=MEASUREMENT,
)
