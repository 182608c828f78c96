"""What a data set is once loaded: three splits of tensors, and where they came from."""

import hashlib
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import rows, validity
from relubook.datasets.values import SPLITS, Split, digest

_FIRST = ", the first "  # of a recipe's examples


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set ready to train on; a faulty one cannot be made.

    Attributes:
        name: What `load` was asked for. A name means one data set, wherever it came from.
        train: What the weights are fitted to.
        validation: What the best epoch and the learning rate are chosen on.
        test: What is reported.
        source: "mirror", "cache", "download", "embedded" or "yours".
        sha256: The digest of all numbers in the three splits, or of the recipe of generated ones;
            worked out when not given.
        license: The terms of use.
        citekey: The key in the book's bibliography.
        classes: The name of each label, in order.
        groups: The name of each group, if the splits say which group an example is of.
        image_shape: (rows, columns), (rows, columns, 3) or (2 eyes, rows, columns) of an image;
            None for other data.
        unlabelled: More inputs, without labels.
        vocabulary: For text, the term of each input.
        recipe: How generated data was made, to the last setting; empty for other data.
        note: What a reader of a figure must know about this data.

    Raises:
        ValueError: If a split is empty, its parts disagree, an input is not finite, or a label is
            out of range.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    source: str
    sha256: str = ""
    license: str
    citekey: str
    classes: tuple[str, ...]
    groups: tuple[str, ...] = ()
    image_shape: tuple[int, ...] | None = None
    unlabelled: Float[Tensor, "examples inputs"] | None = None
    vocabulary: tuple[str, ...] = ()
    recipe: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        self._check()
        if not self.sha256:
            object.__setattr__(self, "sha256", _digest_of(self))

    def _check(self) -> None:
        """Raise if it cannot be trained or tested on."""
        if not self.classes:
            raise ValueError(f"The `classes` of {self.name} must name every label. Got none.")
        for name in SPLITS:
            where = f"the {name} split of {self.name}"
            validity.check_split(
                getattr(self, name),
                where,
                inputs=self.inputs,
                classes=self.outputs,
                groups=len(self.groups),
            )
        if self.unlabelled is not None:
            where = f"the unlabelled part of {self.name}"
            validity.check_inputs(self.unlabelled, where, inputs=self.inputs)
        validity.check_vocabulary(self.vocabulary, self.name, inputs=self.inputs)
        validity.check_image_shape(self.image_shape, self.name, inputs=self.inputs)

    @property
    def inputs(self) -> int:
        """How many numbers describe one example."""
        return self.train.x.shape[1]

    @property
    def outputs(self) -> int:
        """How many classes there are."""
        return len(self.classes)

    def subset(
        self, *, train: int | None = None, validation: int | None = None, test: int | None = None
    ) -> "Dataset":
        """The first examples of each split, under a name that says so.

        Args:
            train: How many training examples to keep; None keeps all of them.
            validation: The same for the validation split.
            test: The same for the test split.

        Returns:
            A data set of its own, with its own digest; itself if nothing is left out.

        Raises:
            ValueError: If a split has fewer examples than asked for, or none are asked for.
        """
        wanted = {"train": train, "validation": validation, "test": test}
        splits = {name: _first(self, name, count) for name, count in wanted.items()}
        if all(len(split) == len(getattr(self, name)) for name, split in splits.items()):
            return self
        counts = " / ".join(f"{len(split):,}" for split in splits.values())
        recipe = self.recipe and f"{self.recipe.partition(_FIRST)[0]}{_FIRST}{counts}"
        return replace(self, **splits, name=f"{self.name} ({counts})", recipe=recipe, sha256="")

    def dense(self) -> "Dataset":
        """The same data with every zero stored, which any network can be trained on.

        Returns:
            The three splits with 20 kB for 5,000 terms of an example, under the same digest. What
            is unlabelled stays as it is.
        """
        parts = {name: getattr(self, name) for name in SPLITS}
        splits = {name: replace(part, x=rows.dense(part.x)) for name, part in parts.items()}
        return replace(self, **splits)


def _digest_of(dataset: Dataset) -> str:
    """The digest of the numbers, or of the recipe where the numbers' last bits may differ."""
    if dataset.recipe:
        return hashlib.sha256(dataset.recipe.encode()).hexdigest()
    splits = (getattr(dataset, name) for name in SPLITS)
    return digest(*splits, unlabelled=dataset.unlabelled)


def _first(dataset: Dataset, name: str, count: int | None) -> Split:
    """The first `count` examples of one split."""
    split: Split = getattr(dataset, name)
    if count is None:
        return split
    if not 1 <= count <= len(split):
        raise ValueError(
            f"The `{name}` of subset must be between 1 and {len(split):,}, the size of that split "
            f"of {dataset.name}. Got {count}."
        )
    if split.x.layout == torch.sparse_csr:
        return split.take(torch.arange(count))
    group = None if split.group is None else split.group[:count]
    return Split(x=split.x[:count], y=split.y[:count], group=group)  # views: no copy of the images
