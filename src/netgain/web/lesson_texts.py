"""The lessons: each technique of the lecture in a few sentences, with its formula and its picture."""

from __future__ import annotations

from netgain.web import lesson_pictures as pictures
from netgain.web import lesson_pictures_generators as generators
from netgain.web import lesson_pictures_strings as strings
from netgain.web.lesson import Lesson
from netgain.web.lesson_texts_techniques import BEYOND_THE_LECTURE

LESSONS = (
    Lesson(
        "The loss and its gradient", "loss",
        "With the squared error, the gradient at a sigmoid output contains σ′(z). A neuron that is very wrong is where "
        "σ is flat, so it learns most slowly. With cross-entropy, σ′ cancels: the more wrong the "
        "answer, the larger the step. The tab Neuron shows it for four weights.",
        r"\frac{\partial L_{\mathrm{MSE}}}{\partial z} = (\sigma(z)-t)\,\sigma'(z) \qquad "
        r"\frac{\partial L_{\mathrm{CE}}}{\partial z} = \sigma(z) - t",
        pictures.output_gradients,
    ),
    Lesson(
        "Softmax output", "softmax",
        "Ten sigmoid outputs answer ten separate questions. Softmax turns them into one question: its outputs are "
        "positive and sum to one, so they can be read as probabilities. With the categorical cross-entropy, the "
        "gradient is again the difference between output and target.",
        r"y_j = \frac{e^{z_j}}{\sum_k e^{z_k}} \qquad L = -\sum_j t_j \ln y_j \qquad "
        r"\frac{\partial L}{\partial z_i} = y_i - t_i",
        pictures.softmax_bars,
    ),
    Lesson(
        "Overtraining", "overtraining",
        "A network with many weights memorises its training images. Their accuracy rises to 100 %, while that of "
        "new images stops rising. The gap between the two curves is the overtraining. Every technique "
        "against it tries to close the gap without losing accuracy on new images.",
        r"\mathrm{gap} = a_{\mathrm{train}} - a_{\mathrm{test}}",
        pictures.overtraining,
    ),
    Lesson(
        "More training images", "training-size",
        "The best remedy: more images are harder to memorise. But an epoch over more images also has more "
        "updates, so a fair comparison must consider both.",
        r"\mathrm{updates} = \mathrm{epochs} \cdot \lceil N / B \rceil",
        pictures.noise,
    ),
    Lesson(
        "L2 regularization", "l2",
        "A penalty on the squares of the weights pulls every weight towards zero at each update (weight decay). Small "
        "weights give a smooth function, which follows the noise of single images less.",
        r"L = L_0 + \lambda \sum w^2 \qquad w \to (1 - 2\eta\lambda)\,w - \eta\,\frac{\partial L_0}{\partial w}",
        pictures.penalties,
    ),
    Lesson(
        "L1 regularization", "l1",
        "The penalty on the absolute values pulls with the same force on small and large weights, so that many become "
        "exactly zero and a few large ones remain.",
        r"L = L_0 + \lambda \sum |w| \qquad w \to w - \eta\lambda\,\mathrm{sgn}(w) - \eta\,"
        r"\frac{\partial L_0}{\partial w}",
        pictures.penalties,
    ),
    Lesson(
        "Dropout", "dropout",
        "At each update a random part of the inputs and of the hidden neurons is switched off; the others are scaled "
        "up so that sums stay the same. No neuron can rely on one other neuron. When the network answers, "
        "nothing is dropped.",
        r"x_i \to \frac{m_i}{1-p}\,x_i \qquad m_i \in \{0, 1\},\; P(m_i = 0) = p",
        pictures.dropped,
    ),
    Lesson(
        "Early stopping", "early-stopping",
        "Stop when the loss on the validation part, which is neither trained nor tested on, has not fallen for some "
        "epochs (the patience), and keep the best weights. The test images must not decide this: a number that was "
        "used to choose is no longer an unbiased estimate.",
        r"\mathrm{stop\ at\ } t:\; L_{\mathrm{val}}(s) \ge \min_{r \le t - p} L_{\mathrm{val}}(r) "
        r"\;\;\mathrm{for\ } t - p < s \le t",
        pictures.overtraining,
    ),
    Lesson(
        "Artificial data expansion", "data-expansion",
        "A digit that is rotated a little is the same digit. Rotated copies of the training images teach that, but the "
        "training takes longer. Three times the images also mean three times the updates: the study has a control "
        "with the same number of updates and no copies.",
        r"\theta \sim U(+5^\circ, +25^\circ) \;\;\mathrm{and}\;\; U(-25^\circ, -5^\circ)",
        pictures.turned,
    ),
    Lesson(
        "Learning rate", "learning-rate",
        "How far an update moves against the gradient. If too small, training takes very long. If too large, the "
        "weights jump back and forth over the minimum, like a random walk.",
        r"\theta \to \theta - \eta\,\nabla L",
        pictures.descents,
    ),
    Lesson(
        "Learning-rate decay", "learning-rate-decay",
        "Large steps at first, small steps when the network is near a minimum: then the noise of the mini-batches "
        "averages out. The effect is often small.",
        r"\eta_t = \frac{\eta}{1 + r\,t}",
        pictures.schedules,
    ),
    Lesson(
        "Momentum", "momentum",
        "Each update keeps a part of the update before, as a ball rolling down a valley keeps its speed. On a steady "
        "slope the steps add up. Nesterov's version uses the gradient at the next position of the ball.",
        r"v \to \mu v - \eta\,\nabla L \qquad \theta \to \theta + v",
        pictures.momenta,
    ),
    Lesson(
        "Mini-batch size", "batch-size",
        "The gradient of a mini-batch is an estimate. Its noise falls with the root of its size. Larger batches give "
        "a smoother descent, but fewer updates per epoch; small batches give a random walk.",
        r"\mathrm{sd}(\nabla L_B) \propto 1/\sqrt{B}",
        pictures.noise,
    ),
    Lesson(
        "Optimizers", "optimizers",
        "Adagrad, Adadelta, RMSprop, Adam and others give each weight its own learning rate, from the size of "
        "its past gradients; Adam adds momentum. They need less tuning, but gradient descent with a good rate is a "
        "strong competitor.",
        r"\theta \to \theta - \eta\,\frac{\hat m}{\sqrt{\hat v} + \epsilon} \qquad (\mathrm{Adam})",
        pictures.momenta,
    ),
    Lesson(
        "Activation function", "activation",
        "Sigmoid and tanh are one curve at two scales; both are flat far from zero. ReLU is not: its slope is one "
        "where its input is positive, so gradients pass unchanged. Where the input is negative, the neuron is off.",
        r"\sigma(z) = \frac{1 + \tanh(z/2)}{2} \qquad \mathrm{ReLU}(z) = \max(0, z)",
        pictures.activations,
    ),
    Lesson(
        "Initial weights", "initial-weights",
        "With weights of unit variance, the sum over many inputs is large, and the sigmoid starts where it is flat. "
        "With weights scaled by the number of inputs and outputs, the neurons start where they can learn.",
        r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}} \;\;(\mathrm{Glorot})",
        pictures.activations,
    ),
    Lesson(
        "Deeper networks", "depth",
        "On its way back, the gradient is multiplied by w σ′(z) in each layer. With σ′ ≤ ¼ and small "
        "weights it vanishes, with large weights it explodes. So deep networks are hard to train.",
        r"\frac{\partial L}{\partial b_1} = \sigma'(z_1)\,w_2\,\sigma'(z_2)\,w_3\,\sigma'(z_3)\,w_4\,\sigma'(z_4)\,"
        r"\frac{\partial L}{\partial y}",
        pictures.slopes,
    ),
    Lesson(
        "Convolutional network", "convnet",
        "A neuron of a feature map sees a small window of the image, and all neurons of the map share one kernel: the "
        "map shows where the image has the kernel's feature. A map has 25 weights and one bias, for any size of image.",
        r"y_{ij} = \mathrm{ReLU}\Big(b + \sum_{a,b'=0}^{4} w_{ab'}\,x_{i+a,\,j+b'}\Big)",
        pictures.convolved,
    ),
    Lesson(
        "Pooling", "pooling",
        "A pooling layer keeps one number for each window of a map: the maximum, the mean, or the root of the sum of "
        "the squares. It has no weights. The pooled map is smaller and depends less on the exact place of a feature.",
        r"\max_{ab} x_{ab} \qquad \tfrac{1}{4}\sum x_{ab} \qquad \sqrt{\textstyle\sum x_{ab}^2}",
        pictures.pooled,
    ),
    *BEYOND_THE_LECTURE,
    Lesson(
        "Ideal and real application", "ideal-vs-real",
        "The test images are centred and upright; the images at use may be rotated, moved or blurred. How much is not "
        "known exactly, so it is declared as a distribution. The accuracy then has a third error, the systematic one, "
        "and more test images do not make it smaller. A gain counts where it survives the shift.",
        r"\delta(\theta) = a(\theta) - a(0) \qquad a_{\mathrm{ideal}} - a_{\mathrm{real}} = "
        r"-\int \delta(\theta)\,\pi(\theta)\,d\theta",
        pictures.at_use,
    ),
    Lesson(
        "What is kept out of the network", "kept-information",
        "A network that knows the mass of an image separates signal and background better. But a cut on its score "
        "prefers background with the mass of the signal, so that a peak appears where none is (sculpting), and a fit "
        "of the masses is wrong. A blind network is trained with masses drawn alike for both. It is weaker, and the "
        "fit after its cut is right.",
        r"n(m) = s\,\mathcal{N}(m;\,0^\circ, 5^\circ) + b_0 + b_1 m + b_2 m^2 \qquad "
        r"\mathrm{pull} = \frac{\hat s - s}{\hat\sigma_s}",
        pictures.masses,
    ),
    Lesson(
        "Class fractions", "class-fractions",
        "How many images of each class does a sample have? Counting the answers is biased: a classifier that is wrong "
        "for some images counts too many of a rare class. But the distribution of its scores in the sample is a "
        "mixture of those of each class, which labelled images show (the templates). A fit of the mixture gives the "
        "fractions f without that bias, and their errors. The tab Fractions does it for your images.",
        r"p(s) = \sum_k f_k\,p_k(s) \qquad \sum_k f_k = 1",
        pictures.counted,
    ),
    Lesson(
        "Recurrent network", "row-lstm",
        "A recurrent network takes an image row by row and keeps a state. The same weights are used at every step, so "
        "it takes a sequence of any length. An LSTM has gates: numbers from 0 to 1 that say how much of its memory c "
        "is kept, how much of the new row is added, and how much is shown.",
        r"c_t = f_t\,c_{t-1} + i_t \tanh(W x_t + U h_{t-1} + b) \qquad h_t = o_t \tanh(c_t)",
        strings.rows_so_far,
    ),
    Lesson(
        "Strings of characters: CTC", "read-strings",
        "Nobody has cut the string apart, so no time step has a label of its own. The network answers at every step "
        "with a character or with the blank –. Equal neighbours are merged, then blanks are removed: 22–00–2–6 becomes "
        "2026. The loss sums the probabilities of all paths π that give the right text. The tab Draw shows the "
        "time steps for a number that you write.",
        r"L = -\ln \sum_{\pi \to \mathrm{text}}\;\prod_{t=1}^{T} p_t(\pi_t)",
        strings.path,
    ),
    Lesson(
        "Gradient through time", "gradient-through-time",
        "Backwards through time the gradient is multiplied by the same matrix at every step. So it shrinks or grows "
        "exponentially with the number of steps, as in a deep network. In an LSTM the memory is multiplied by the "
        "forget gate, which can stay close to 1.",
        r"\frac{\partial L}{\partial h_t} = \Big(\prod_{k=t+1}^{T} U^{\top}\,\mathrm{diag}(1-h_k^2)\Big)"
        r"\frac{\partial L}{\partial h_T}",
        strings.factors,
    ),
    Lesson(
        "Longer strings than in training", "string-length",
        "A layer with one output per place reads no more characters than it has places. CTC has no places. If each "
        "digit is read on its own, with probability p, a string of L digits is right with p to the power L. A reader "
        "that does worse on longer strings has learnt something about their length.",
        r"P(\mathrm{string\ right}) = p^{L}",
        strings.powers,
    ),
    Lesson(
        "Blanks come first", "blanks-first",
        "An untrained network gives all answers the same probability, so all paths that spell a text count alike. In "
        "them about half of the T steps are blank, while the other half is shared by ten digits. So the blank is the "
        "best answer at every step, and the network learns it first. The loss then stays on a plateau until single "
        "steps tell digits apart. It is no error of the program: go on training.",
        r"b = \frac{(L+1)\,(T-L)}{(2L+1)\,T} \qquad \mathrm{each\ digit:}\; \frac{1-b}{10}",
        strings.blanks,
    ),
    Lesson(
        "Generator and critic", "generate-digits",
        "A generator makes an image of random numbers z. A critic D learns to tell real images from generated ones, "
        "and the generator learns what the critic believes. The losses differ in what they say where the critic is "
        "sure: the minimax loss is flat there, so the generator learns little. How good the digits are is asked of a "
        "judge: a classifier that learns from generated digits only and then names the real ones.",
        r"\min_G \max_D\; \mathbb{E}_x \ln \sigma(D(x)) + \mathbb{E}_z \ln\big(1 - \sigma(D(G(z)))\big)",
        generators.losses,
    ),
    Lesson(
        "Penalty on the critic's gradient", "gradient-penalty",
        "Generator and critic follow each other, and may circle for ever. R1 makes the critic flat where the real "
        "images are, so that the circle becomes a spiral and training comes to rest. R2 does the same at generated "
        "images; the gradient penalty wants a slope of 1 between both.",
        r"R_1 = \frac{\gamma}{2}\,\mathbb{E}_x \big|\nabla_x D(x)\big|^2 \qquad "
        r"\dot\theta = -\psi \quad \dot\psi = \theta - \gamma\psi",
        generators.damped,
    ),
    Lesson(
        "Mode collapse", "mode-collapse",
        "A generator that has found one image which its critic believes writes it again and again. The loss need not "
        "show it. Two numbers do: the coverage, the share of real images that have a generated one near them, and the "
        "fractions of the classes. A collapsed network is counted, not left out.",
        r"\mathrm{coverage} = \frac{1}{n}\sum_{i=1}^{n} \big[\exists\, j:\; |g_j - x_i| \le r_k(x_i)\big]",
        generators.collapsed,
    ),
    Lesson(
        "Real or generated?", "spot-the-fake",
        "A fresh classifier is trained on one half of the real and the generated images and asked about the other "
        "half. The AUC is the share of pairs, one real and one generated image, that it puts in the right order: "
        "0.5 is guessing. Beside it stands the floor, real test images against real training images. The tab Generate "
        "asks you the same.",
        r"\mathrm{AUC} = P\big(s(\mathrm{generated}) > s(\mathrm{real})\big)",
        generators.told_apart,
    ),
)  # fmt: skip
