"""The lessons on techniques that came after the lecture, each with its formula and its picture."""

from __future__ import annotations

from netgain.web import lesson_pictures_techniques as pictures
from netgain.web.lesson import Lesson

BEYOND_THE_LECTURE = (
    Lesson(
        "Label smoothing", "label-smoothing",
        "With a target of 100 %, cross-entropy always asks for more: the network makes its outputs ever larger, and "
        "states 99.99 % also where it is wrong. A smoothed target gives a small part ε to all classes alike. The "
        "loss then has a minimum, and the network stops there.",
        r"y_k \to (1-\varepsilon)\,y_k + \frac{\varepsilon}{K}",
        pictures.smoothed_losses,
    ),
    Lesson(
        "Weight decay", "weight-decay",
        "In every update each weight also loses a small part of itself. For plain gradient descent this is the L2 "
        "penalty. With Adam it is not: Adam divides every gradient by its usual size, the penalty's too, so a weight "
        "that has no other gradient begins to move by η per update, however small λ is. Decoupled weight decay (AdamW) "
        "stands beside Adam's step and is not divided.",
        r"w \to w - \eta\,\frac{\hat m}{\sqrt{\hat v} + \epsilon} - \eta\lambda\,w",
        pictures.decays,
    ),
    Lesson(
        "Averaged weights (EMA)", "ema",
        "The last weights are still on a random walk around the minimum, because every mini-batch pulls in another "
        "direction. A moving average of the weights of many updates is closer to the middle. It is kept beside the "
        "weights, does not change the training, and is what answers in the end.",
        r"\bar\theta \to \mu\,\bar\theta + (1-\mu)\,\theta",
        pictures.averaged,
    ),
    Lesson(
        "Warm-up", "warm-up",
        "At first the weights are random and the gradients are large and change direction, so a high learning rate "
        "does damage which the network may never repair. With warm-up the rate rises from zero in the first epochs. "
        "After that a higher rate is possible than without it.",
        r"\eta_t = \eta\,\frac{t}{t_0} \;\;\mathrm{for}\;\; t < t_0",
        pictures.warm_ups,
    ),
    Lesson(
        "Batch normalization", "batch-norm",
        "What a layer receives changes with every update of the layers before it. Batch normalization subtracts the "
        "mean of the mini-batch and divides by its spread, map by map; two trained numbers γ and β then choose a "
        "scale and a place. In the answers, moving averages from the training stand in for those of the batch.",
        r"\hat x = \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} \qquad y = \gamma\,\hat x + \beta",
        pictures.normalized,
    ),
    Lesson(
        "Residual blocks", "residual",
        "A shortcut adds the input of a block to its output, so the block only learns the difference. On its way back "
        "the gradient also takes the shortcut: the slope of a block is 1 + F′ and not F′, and the product over "
        "many blocks does not vanish.",
        r"y = x + F(x) \qquad \frac{\partial y}{\partial x} = 1 + F'(x)",
        pictures.shortcuts,
    ),
    Lesson(
        "Cutout", "cutout",
        "A black square hides another part of the image in every update. The network must know a digit by several of "
        "its parts, as with dropout; but neighbouring pixels, which say almost the same, are hidden together.",
        r"x_{ij} \to 0 \;\;\mathrm{for}\;\; |i - i_0| < s/2,\; |j - j_0| < s/2",
        pictures.cut,
    ),
    Lesson(
        "Mixup", "mixup",
        "The network sees sums of two images and is asked for the same sum of their targets. So it learns to change "
        "its answer evenly from one image to the next. Mixed images are hard to memorise: the training accuracy "
        "falls, and longer training pays.",
        r"x = \lambda x_a + (1-\lambda)\,x_b \qquad y = \lambda y_a + (1-\lambda)\,y_b \qquad "
        r"\lambda \sim \mathrm{Beta}(\alpha, \alpha)",
        pictures.mixed,
    ),
    Lesson(
        "Ensembles", "ensemble",
        "Networks of other seeds make other mistakes. The mean of their scores is more often right than each of them. "
        "The gain stops where the mistakes are shared: with a correlation ρ, the variance of the mean falls "
        "to ρσ² and not to zero. M networks also cost M times as much, so compare with one network at that price.",
        r"\mathrm{Var}\Big(\frac{1}{M}\sum_m s_m\Big) = \sigma^2\Big(\rho + \frac{1-\rho}{M}\Big)",
        pictures.shared_mistakes,
    ),
    Lesson(
        "Test-time augmentation", "test-time-augmentation",
        "The same network is asked about several versions of an image, such as the image shifted by one pixel, and "
        "the answers are averaged. No training is needed, but each answer costs as many passes as there are versions.",
        r"s(x) = \frac{1}{|T|}\sum_{t \in T} s(t(x))",
        pictures.asked_again,
    ),
)  # fmt: skip
