"""Does a training set tripled by rotated copies help, and is it more than longer training?

The lecture: tripled by rotations of +5° to +25° and -5° to -25° there is "some positive effect", shown as curves of one
network. netgain, 5 seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; tripled 93.89 ± 0.16 ± 0.04 %
(UNDECIDABLE HERE, -0.16); same updates 93.93 ± 0.19 ± 0.11 % (UNDECIDED, -0.13); on the fly 94.13 ± 0.15 ± 0.43 %
(UNDECIDABLE HERE, +0.07); on the fly, same updates 93.82 ± 0.16 ± 0.17 % (UNDECIDABLE HERE, -0.23). 2.3 to 17.5 s per
network (docs/results.md).

Tripling the data also triples the updates, so two controls take as many updates as the tripled set: the 10,000 images
themselves, longer, and the same images, rotated in every step by up to 25°. "On the fly" alone has the updates of
the baseline.
"""

from netgain.experiment.augmentation import Augmentation
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 14

_BASELINE = load_recipe("small-sample")
_ON_THE_FLY = _BASELINE.change("augmentation.rotation", 25)

STUDY = Study(
    "data-expansion",
    question="Does a training set tripled by rotated copies help, and is it more than longer training?",
    baseline=_BASELINE,
    same_updates={"same updates": "tripled", "on the fly, same updates": "tripled"},
    arms={
        "tripled": _BASELINE.change("augmentation", Augmentation(copies=((5, 25), (-25, -5)))),
        "same updates": _BASELINE,
        "on the fly": _ON_THE_FLY,
        "on the fly, same updates": _ON_THE_FLY,
    },
    claims={"tripled": "better"},
)
