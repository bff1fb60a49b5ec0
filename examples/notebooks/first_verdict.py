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
# # A first verdict
#
# Does dropout help a small network? With one network each, the answer could go either way. netgain trains several
# networks of each recipe and says what is certain, what is not, and what would decide it.

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
# These numbers decide how long it takes: about half a minute on two cores.

# %% tags=["parameters"]
DATASET = "mnist"  # fetched once
TRAIN_SIZE = 10_000
EPOCHS = 100
SEEDS = 5  # networks of each recipe; a verdict needs 5

# %% [markdown]
# ## A recipe
#
# A recipe is everything that decides how one network is trained. It is checked when it is made; a wrong value is
# refused with the reason.

# %%
import netgain as ng

baseline = ng.Recipe(
    dataset=DATASET,
    train_size=TRAIN_SIZE,
    network=ng.MLP(hidden=(30,), activation="sigmoid", output="softmax"),
    loss="categorical_crossentropy",
    optimizer=ng.Optimizer("sgd", learning_rate=1.0),
    batch_size=30,
    epochs=EPOCHS,
)
baseline

# %% [markdown]
# ## A study
#
# A study compares a baseline with other recipes, its *arms*, on the same test images. `change` gives a changed copy.

# %%
study = ng.Study(
    "dropout",
    question="Does dropping 20 % of the inputs and of the hidden neurons help?",
    baseline=baseline,
    arms={"dropout 0.2": baseline.change("network.dropout", 0.2)},
)
study

# %% [markdown]
# ## The verdict
#
# Finished networks are kept in the file `netgain.db`. If you stop this cell and start it again, netgain trains only
# what is missing.

# %%
result = ng.run(study, seeds=SEEDS)
result

# %% [markdown]
# The first number after ± is the *test-sample error*: how much another sample of test images would change the number.
# The second is the *seed error*: how much other seeds would change it.
#
# Every number is in a table, too.

# %%
result.frame().round(4).T

# %% [markdown]
# ## More questions to the same networks
#
# Dropout is said to reduce overtraining: the gap between the accuracy on training images and on test images.

# %%
result.analyse("overtraining", "baseline")

# %%
result.analyse("overtraining", "dropout 0.2")

# %% [markdown]
# Which digits are taken for which?

# %%
result.analyse("confusion", "dropout 0.2")

# %% [markdown]
# ## What next
#
# `ng.run(study, seeds="until-known")` adds seeds until the verdict is decided. It checks after 5, 8, 12 and 20 seeds,
# and its p-values stay correct. Everything on one page, to mail or to print:

# %%
result.report("dropout.html")
