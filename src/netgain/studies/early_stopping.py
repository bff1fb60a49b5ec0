"""Does early stopping lose or gain accuracy?

The lecture: stopped after 21 epochs, test accuracy 93.48 %, one network. netgain, 5 seeds, ± test sample ± training:
baseline 93.77 ± 0.20 ± 0.07 %; patience 3 93.80 ± 0.21 ± 0.11 % (UNDECIDED, +0.03). 0.77 to 2.8 s per network
(docs/results.md).

Trained on the first 10,000 images, watched on the last 10,000 of the training file with patience 3, as the slide does.
Ours returns the weights of the best epoch, the slide's keeps the last. The batch size is not on the slide: with 100
the first epoch (loss 0.93, accuracy 76 %) and the number of epochs agree with it; with 30 training stops earlier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

PLACE = 13

_ARM = "patience 3"
_BASELINE = load_recipe("small-sample").change("validation_size", 10_000).change("batch_size", 100)


def _remarks(result: StudyResult) -> list[str]:
    epochs = [run.num_epochs for run in result.judged(_ARM)]
    mean = sum(epochs) / len(epochs)
    return [
        f"{_ARM}: training stopped after {min(epochs)} to {max(epochs)} epochs, {mean:.1f} on average (lecture: 21)."
    ]


STUDY = Study(
    "early-stopping",
    question="Is the accuracy as good when training stops as soon as the validation loss has not fallen for 3 epochs?",
    baseline=_BASELINE,
    arms={_ARM: _BASELINE.change("early_stopping", EarlyStopping(monitor="val_loss", patience=3))},
    lecture={_ARM: 0.9348},
    remarks=_remarks,
)
