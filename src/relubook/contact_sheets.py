"""A look at a data set: some of its pictures, points in the plane, or how often words are used.

At most 24 examples of a set are shown, and never a text.
"""

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures
from relubook.datasets import Dataset

THUMBNAILS = 24
_COLUMNS = 12
_POINTS = 500  # of a set in the plane


def draw(dataset: Dataset, *, title: str) -> Figure:
    """A contact sheet of training examples, every class in turn.

    Args:
        dataset: Images, bags of words, or points in the plane.
        title: What stands above.

    Returns:
        A figure.

    Raises:
        ValueError: If its examples are none of these.
    """
    if dataset.image_shape is not None:
        return _pictures(dataset, title)
    if dataset.vocabulary or dataset.train.x.layout == torch.sparse_csr:
        return _words(dataset, title)
    if dataset.inputs == 2:
        return _plane(dataset, title)
    raise ValueError(
        f"A contact sheet shows images, bags of words, or points in the plane. Got {dataset.name} "
        f"with {dataset.inputs} inputs and no `image_shape`."
    )


def describe(dataset: Dataset) -> str:
    """What the sheet shows, for those who do not see it."""
    if dataset.image_shape is not None:
        names = ", ".join(dataset.classes[label] for label in _labels(dataset, chosen(dataset)))
        eyes = " stereo pairs, left eye above right eye" if _eyes(dataset) else " images"
        return f"{len(chosen(dataset))}{eyes}: {names}."
    if dataset.inputs == 2:
        return f"{len(dataset.classes)} classes of points in the plane, drawn as numbers."
    shares = ", ".join(
        f"{name}: {100 * share:.0f} %"
        for name, share in zip(dataset.classes, _shares(dataset), strict=True)
    )
    return (
        f"Left, the share of training texts with each label: {shares}. Right, the share of texts "
        "that each term occurs in, the most frequent first, on two logarithmic axes."
    )


def chosen(dataset: Dataset) -> list[int]:
    """The row numbers of the training examples on a sheet of pictures: every class in turn.

    Args:
        dataset: Images.

    Returns:
        At most `THUMBNAILS` numbers; with more classes than that, the classes are spread evenly.
    """
    labels = dataset.train.y.numpy()
    present = np.unique(labels)
    if len(present) > THUMBNAILS:
        present = present[np.linspace(0, len(present) - 1, THUMBNAILS).round().astype(int)]
    rows = [np.flatnonzero(labels == label) for label in present]
    turns = [row[turn] for turn in range(THUMBNAILS) for row in rows if turn < len(row)]
    return sorted(map(int, turns[:THUMBNAILS]), key=lambda row: (labels[row], row))


def _pictures(dataset: Dataset, title: str) -> Figure:
    """Pictures with the name of the class below each."""
    rows = chosen(dataset)
    high = 1.55 if _eyes(dataset) else 1.0
    lines = -(-len(rows) // _COLUMNS)
    fig, spare = figures.axes(title=title, width=9.0, height=0.4 + lines * (0.2 + 0.7 * high))
    spare.remove()
    panels: Sequence[Axes] = fig.subplots(lines, _COLUMNS, squeeze=False).flatten().tolist()
    low = float(dataset.train.x.min())
    for ax, row in zip(panels, rows, strict=False):
        image = _image(dataset, row)
        ax.imshow((image - low) / (1 - low), cmap="gray", vmin=0, vmax=1)
        ax.set_xlabel(_short(dataset.classes[int(dataset.train.y[row])]), fontsize=8, labelpad=2)
    for ax in panels:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return fig


def _image(dataset: Dataset, row: int) -> np.ndarray:
    """One picture to show: rows and columns, and colors if it has them; the left eye on top."""
    image = dataset.train.x[row].reshape(dataset.image_shape or (1, 1)).numpy()
    return np.concatenate(list(image)) if _eyes(dataset) else image


def _eyes(dataset: Dataset) -> bool:
    """Whether examples are stereo pairs."""
    shape = dataset.image_shape or ()
    return len(shape) == 3 and shape[0] == 2


def _plane(dataset: Dataset, title: str) -> Figure:
    """Points in the plane, each drawn as the number of its class."""
    fig, ax = figures.axes(title=title, width=4.5, height=4.5)
    shown = dataset.train.take(torch.arange(min(_POINTS, len(dataset.train))))
    inks = plane_inks(len(dataset.classes))
    for (across, up), label in zip(shown.x.tolist(), shown.y.tolist(), strict=True):
        ax.text(across, up, str(label), color=inks[label], fontsize=7, ha="center", va="center")
    edge = 1.05 * float(shown.x.abs().max())
    ax.set(xlim=(-edge, edge), ylim=(-edge, edge), xlabel="input 1", ylabel="input 2")
    return fig


def plane_inks(classes: int) -> list[str]:
    """A shade of gray for each class, the first the darkest: colors mean activations here."""
    return [figures.INK, "#7a7a7a", "#a8a8a8", "#555555"][:classes] + [figures.INK] * (classes - 4)


def _words(dataset: Dataset, title: str) -> Figure:
    """How labels are spread, and how often terms occur."""
    fig, left = figures.axes(title=title, width=9.0, height=3.2)
    left.remove()
    left, right = fig.subplots(1, 2)
    left.bar(range(len(dataset.classes)), 100 * _shares(dataset), color=figures.CHANCE)
    left.set_xticks(range(len(dataset.classes)), dataset.classes)
    left.set(xlabel="label", ylabel="training texts (%)")
    present = np.bincount(dataset.train.x.col_indices().numpy(), minlength=dataset.inputs)
    often = 100 * np.sort(present)[::-1] / len(dataset.train)
    rank = np.arange(1, len(often) + 1)
    right.loglog(rank[often > 0], often[often > 0], color=figures.INK)
    right.set(xlabel="rank of a term", ylabel="texts with it (%)")
    for axis in (right.xaxis, right.yaxis):
        axis.set_major_formatter("{x:g}")
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return fig


def _shares(dataset: Dataset) -> np.ndarray:
    """The share of training examples with each label."""
    counts = np.bincount(dataset.train.y.numpy(), minlength=len(dataset.classes))
    return counts / counts.sum()


def _labels(dataset: Dataset, rows: Sequence[int]) -> list[int]:
    """The labels of some training examples."""
    return [int(dataset.train.y[row]) for row in rows]


def _short(name: str) -> str:
    """A name that fits below a thumbnail."""
    return name if len(name) <= 11 else name[:10] + "…"
