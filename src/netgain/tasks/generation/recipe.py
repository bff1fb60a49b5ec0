"""Recipes of generators: everything that decides how one network learns to make images. Nothing here trains."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, SerializeAsAny, field_serializer, field_validator

from netgain.experiment.base import Declaration
from netgain.experiment.keras_parts import KerasOptimizer, optimizer_of
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.recipe import Count, DatasetRecipe
from netgain.experiment.sizes import QUICK_EPOCHS, quick_images
from netgain.networks import CriticNetwork, GeneratorNetwork, network_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

JUDGE = "judge"
"""The recipe that judges a generator, unless it names another."""


@final
class Penalty(Declaration):
    """A penalty on the gradients of the critic by the pixels of its images, as from -1 to 1.

    Attributes:
        kind: "r1": ½ |∇D|² at real images. "r1+r2": also at generated ones. "gradient-penalty": (|∇D| - 1)² between
            real and generated ones. The papers are named in `netgain/engine/adversarial.py`.
        weight: what it is multiplied with: γ of R1 and R2, λ of the gradient penalty.
        every: it is part of every so many updates only, and weighs so many times as much there (lazy regularisation,
            Karras et al. 2020, section 3.1).

    >>> Penalty(kind="r1", weight=1.0, every=4).every
    4
    """

    called: ClassVar[str] = "penalty"

    kind: Literal["r1", "r1+r2", "gradient-penalty"] = "r1"
    weight: Annotated[float, Field(gt=0)] = 1.0
    every: Count = 1


@final
class Generator(DatasetRecipe):
    """Everything that decides how one generator of images is trained against its critic.

    Attributes:
        dataset, train_size, validation_size, split, split_seed: see
            :class:`netgain.experiment.recipe.DatasetRecipe`.
        generator: a :class:`ConvGenerator` or another family that makes images.
        critic: a :class:`ConvCritic` or another family that tells real images from generated ones.
        conditional: generator and critic are told the class.
        loss: "minimax", "non-saturating", "wasserstein", "hinge" or "relativistic"; the papers are named in
            `netgain/engine/adversarial.py`.
        penalty: on the critic's gradients; None for no penalty.
        generator_optimizer, critic_optimizer: see :class:`Optimizer`; a name alone is enough.
        critic_steps: updates of the critic before each of the generator.
        batch_size: real images, and as many generated ones, per update.
        epochs: passes over the training images; what does not fill the last step is left out of an epoch.
        ema: how much the average of the generator's weights keeps in each update; the average is what is judged and
            saved, such as 0.999. None judges and saves the last weights.
        judge: the classifier that is trained on generated images only and is given the real test images. Its own
            dataset does not matter.

    >>> from netgain.networks.families.generator import ConvCritic, ConvGenerator
    >>> recipe = Generator(generator=ConvGenerator(), critic=ConvCritic(), epochs=2)
    >>> recipe.change("penalty.weight", 10).penalty.weight
    10.0
    """

    task: ClassVar[str] = "generation"
    trained_by: ClassVar[str] = "netgain.tasks.generation.task:Generation"

    generator: SerializeAsAny[GeneratorNetwork]
    critic: SerializeAsAny[CriticNetwork]
    conditional: bool = True
    loss: Literal["minimax", "non-saturating", "wasserstein", "hinge", "relativistic"] = "non-saturating"
    penalty: Penalty | None = None
    generator_optimizer: Optimizer | KerasOptimizer = Optimizer("adam")
    critic_optimizer: Optimizer | KerasOptimizer = Optimizer("adam")
    critic_steps: Annotated[int, Field(gt=0, le=100)] = 1
    batch_size: Count = 128
    epochs: Annotated[int, Field(gt=0, le=100_000)] = 10
    ema: Annotated[float, Field(gt=0, lt=1)] | None = None
    judge: Recipe = Field(default_factory=lambda: load_recipe(JUDGE))

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @field_validator("generator", mode="before")
    @classmethod
    def _generator_from_fields(cls, value: Any) -> Any:
        network = network_of(GeneratorNetwork, value) if isinstance(value, dict) else value
        if not isinstance(network, GeneratorNetwork):
            raise ValueError(f"must be a network that makes images, a ConvGenerator; received {network!r}")
        return network

    @field_validator("critic", mode="before")
    @classmethod
    def _critic_from_fields(cls, value: Any) -> Any:
        network = network_of(CriticNetwork, value) if isinstance(value, dict) else value
        if not isinstance(network, CriticNetwork):
            raise ValueError(f"must be a network that tells real images, a ConvCritic; received {network!r}")
        return network

    @field_validator("generator_optimizer", "critic_optimizer", mode="before")
    @classmethod
    def _optimizer_from_name_or_object(cls, value: Any) -> Any:
        optimizer = optimizer_of(value)
        if isinstance(optimizer, KerasOptimizer) and optimizer.config.get("use_ema"):
            raise ValueError("config.use_ema: a generator has its own field for the average of its weights; set ema")
        if isinstance(optimizer, Optimizer) and optimizer.ema is not None:
            raise ValueError("ema: a generator has its own field for the average of its weights; set ema there")
        return optimizer

    @field_validator("judge", mode="before")
    @classmethod
    def _judge_takes_all_images(cls, value: Any) -> Any:
        judge = Recipe(**value) if isinstance(value, dict) else value
        if not isinstance(judge, Recipe):
            raise ValueError(f"must be a recipe that classifies images; received {judge!r}")
        if judge.train_size or judge.validation_size:
            raise ValueError("must train on all images that it is given: remove train_size and validation_size")
        if judge.ensemble > 1:
            raise ValueError(f"must be a single network: remove ensemble={judge.ensemble}")
        return judge

    @field_serializer("judge")
    def _judge_without_dataset(self, judge: Recipe) -> dict[str, Any]:
        return {name: value for name, value in judge.fields().items() if name != "dataset"}

    @property
    def num_epochs(self) -> int:
        return self.epochs

    @property
    def images_per_step(self) -> int:
        """Real images that one update of the generator, and the critic's before it, take."""
        return self.batch_size * self.critic_steps

    def identity(self) -> dict[str, Any]:
        """As for every recipe; the judge always enters, as another one gives another result."""
        apart = {"dataset", "generator", "critic", "judge"}
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude=apart)
        networks = {"generator": self.generator.identity(), "critic": self.critic.identity()}
        return {"task": self.task, **fields, **networks, "judge": self.judge.identity()}

    def fields(self) -> dict[str, Any]:
        networks = {"generator": self.generator.fields(), "critic": self.critic.fields()}
        return {**self.model_dump(mode="json", exclude={"generator", "critic"}), **networks}

    def quick(self, num_items: int) -> Self:
        """A rehearsal: a quarter of the epochs, a third of the images."""
        return quick_images(self, num_items).change("epochs", max(1, self.epochs // QUICK_EPOCHS))
