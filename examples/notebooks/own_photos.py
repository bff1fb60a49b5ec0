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
# # Your own photos
#
# A folder with one sub-folder per class is enough. netgain reads the photos, holds a fifth of each class out for the
# test, and says whether a change of the network is a real improvement on *your* images.

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

# %% [markdown]
# Put your photos into a folder, in Colab for example by dragging it into the list of files on the left:
#
#     photos/
#         cats/  IMG_0001.jpg  IMG_0002.jpg …
#         dogs/  IMG_0003.jpg …
#
# If there is no such folder, the cell after the next one draws an example: photos of discs and squares.

# %% tags=["parameters"]
FOLDER = "photos"
IMAGE_SIZE = 32  # photos of any size are stretched to 32×32 pixels
NUM_EXAMPLES = 100  # drawn photos of each class, if there is no folder
EPOCHS = 30
SEEDS = 5  # networks of each recipe; a verdict needs 5

# %%
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def draw_examples(folder: Path, number: int) -> None:
    """Photos of bright discs and squares on a dark, noisy background, with uneven light, in three sizes."""
    generator = np.random.default_rng(0)
    for shape in ("disc", "square"):
        (folder / shape).mkdir(parents=True)
        for k in range(number):
            height, width = ((90, 120), (120, 90), (150, 200))[k % 3]
            light = np.linspace(*generator.uniform(30, 110, 2), width)[np.newaxis, :, np.newaxis]
            noise = generator.normal(0, 25, (height, width, 3))
            photo = Image.fromarray(np.clip(light + noise, 0, 255).astype(np.uint8))
            radius = generator.uniform(0.28, 0.36) * height
            x, y = generator.uniform(0.45, 0.55, 2) * (width, height)
            colour = tuple(int(value) for value in generator.integers(150, 250, 3))
            pen = ImageDraw.Draw(photo)
            draw = pen.ellipse if shape == "disc" else pen.rectangle
            draw((x - radius, y - radius, x + radius, y + radius), fill=colour)
            photo.rotate(generator.uniform(-20, 20)).save(folder / shape / f"{k:03}.jpg")


if not Path(FOLDER).exists():
    draw_examples(Path(FOLDER), NUM_EXAMPLES)

# %% [markdown]
# ## The dataset

# %%
import netgain as ng

dataset = ng.load_dataset(FOLDER, image_size=IMAGE_SIZE)
dataset

# %% [markdown]
# ## Does a convolutional network beat a plain one here?

# %%
baseline = ng.Recipe(
    dataset=dataset,
    network=ng.MLP(hidden=(64,), activation="relu"),
    optimizer=ng.Optimizer("adam"),
    batch_size=16,
    epochs=EPOCHS,
)
convolution = baseline.change("network", ng.ConvNet(filters=(8,), kernel_size=5, dense=(32,)))
study = ng.Study(
    "photos",
    question="Does a convolution help on these photos?",
    baseline=baseline,
    arms={
        "convolution": convolution,
        "convolution, turned photos": convolution.change("augmentation.rotation", 20),
    },
)
study

# %%
result = ng.run(study, seeds=SEEDS)
result

# %% [markdown]
# There are few test photos, so the test-sample error, the first number after ±, is large. More seeds do not make it
# smaller; more photos do.
#
# How many photos does a network get wrong, and are they always the same ones?

# %%
result.analyse("image-errors", "convolution")

# %% [markdown]
# ## Keep a network
#
# The file can be opened with plain Keras. `netgain predict photos.keras new_photo.jpg` classifies new photos on the
# command line.

# %%
run = ng.model_of(result.runs["convolution"][0], ng.Store("netgain.db"))  # the store keeps every trained network
run.save_model("photos.keras")
run
