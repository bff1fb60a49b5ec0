# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own Keras model
#
# netgain trains any Keras model with one image as input and one softmax or sigmoid as output. Every seed starts it
# from fresh weights. A whole epoch is compiled around the model, so that training is fast on an ordinary computer.

# %% [markdown]
# In Colab: *File → Upload notebook*, then put the address of netgain's repository into the next cell.

# %%
# In Colab this cell installs netgain. Where netgain is installed, it does nothing.
import importlib.util
import subprocess
import sys

REPOSITORY = "<address of this repository>"
if importlib.util.find_spec("netgain") is None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", f"git+{REPOSITORY}"], check=True)

# %% tags=["parameters"]
DATASET = "mnist"  # or your folder of images, see the notebook own_photos
TRAIN_SIZE = 5_000
EPOCHS = 10
SEEDS = 5  # networks of each recipe; a verdict needs 5

# %% [markdown]
# Import netgain before Keras: Keras chooses its backend when it is imported, and netgain needs JAX.

# %%
import netgain as ng
import keras

dataset = ng.load_dataset(DATASET)
dataset

# %% [markdown]
# ## The model
#
# Change this as you like. netgain gives the model real images before it trains it. It refuses a model whose outputs
# are not probabilities, or that changes when it is saved and opened, and says why.

# %%
layers = keras.layers
model = keras.Sequential(
    [
        keras.Input(dataset.image_shape),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(dataset.num_classes, activation="softmax"),
    ]
)
network = ng.KerasNetwork(model)
network

# %% [markdown]
# ## Is momentum as good as Adam here?

# %%
baseline = ng.Recipe(
    dataset=dataset,
    train_size=TRAIN_SIZE,
    network=network,
    optimizer=ng.Optimizer("adam"),
    batch_size=32,
    epochs=EPOCHS,
)
study = ng.Study(
    "own-model",
    question="Is momentum as good as Adam here?",
    baseline=baseline,
    arms={"momentum": baseline.change("optimizer", ng.Optimizer("sgd", 0.1, momentum=0.9))},
)
result = ng.run(study, seeds=SEEDS)
result

# %% [markdown]
# ## Are the scores probabilities?
#
# Of the answers that a calibrated network gives with 90 % confidence, 90 % are right.

# %%
result.analyse("calibration", "momentum")

# %% [markdown]
# ## Take the trained model with you
#
# `open_network` gives a Keras model again, with its weights.

# %%
trained = ng.open_network(ng.model_of(result.runs["momentum"][0], ng.Store("netgain.db")))
scores = ng.score(trained, dataset.x_test)  # as a run computes them
f"{100 * (scores.argmax(axis=1) == dataset.y_test).mean():.2f} % of the test images are right"
