"""Greedy pretraining: one hidden layer after the other learns to restore what was taken from it.

Labels are not used. A layer learns on what the layers below it put out, which by then have learned
and stay as they are. Every network keeps, layer by layer, the weights with which it restored the
validation examples best.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from relubook import checkpoints, sparse_batches
from relubook.chunking import models_at_once
from relubook.datasets import rows
from relubook.networks import MLP
from relubook.pretraining_layers import IMAGES, RULES, TARGETS, Layer, Recipe
from relubook.pretraining_runs import Course, Run
from relubook.training import Hyperparameters, Progress

__all__ = ["IMAGES", "RULES", "TARGETS", "Course", "Recipe", "pretrain"]


def pretrain(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    validation: Float[Tensor, "others inputs"],
    hyper: Hyperparameters,
    recipe: Recipe,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    checkpoint: Path | None = None,
) -> Course:
    """Train every hidden layer in place, from the first to the last; that of the logits is not.

    Args:
        network: The models, drawn from the seeds of `hyper`.
        x: What they learn to restore [1], dense or in compressed rows; labels are not needed, so
            it may be more than a training split (`datasets.rows.join`).
        validation: Other examples, which decide whose weights are kept [1].
        hyper: Learning rate, penalty and seed of each model.
        recipe: What they share.
        progress: Called as `progress(done, total, text)`, in networks times passes.
        stop: Asked after each pass; True ends it and keeps what was done.
        checkpoint: File from which the run goes on if it was cut, written as it goes.

    Returns:
        Errors and dead units, layer by layer.

    Raises:
        ValueError: If network, examples and hyperparameters do not fit each other, a
            reconstruction is not defined for what it is to restore, or the checkpoint is damaged
            or another run's.
    """
    _check_fit(network, x, validation, hyper, recipe)
    course = Course.begin(network.depth, recipe.epochs, network.models)
    run = Run(network=network, chunk=_chunk_size(network), course=course)
    if checkpoint is not None:
        run.resume(checkpoint, _fingerprint(network, x, validation, hyper, recipe))
    weight, stopping = network.stacked_layers()[0].weight, False
    x, validation = (sparse_batches.like(each, weight) for each in (x, validation))
    for position in range(course.finished, network.depth):
        for models, part in run.chunks():
            layer = Layer(part, position, x, validation, recipe)
            for epoch in run.take_up(layer):
                layer.learn(hyper.learning_rate[models], hyper.l1[models], epoch)
                run.note(models, layer.look(epoch))
                if progress is not None:
                    text = f"layer {position + 1} of {network.depth}"
                    progress(run.done, course.error.size, text)
                stopping = stop is not None and stop()
                run.save(layer, last=stopping)
                if stopping:
                    break
            run.close(models, layer)
            if stopping:
                return course
        run.close_layer(choose=recipe.choose)
    run.save(None, last=True)
    return course


def _chunk_size(network: MLP) -> int:
    """How many models to train at a time, by the largest layer with its way back."""
    weights = [layer.weight for layer in network.stacked_layers()]
    return models_at_once(network, max(2 * w[0].numel() * w.element_size() for w in weights))


def _fingerprint(
    network: MLP, x: Tensor, validation: Tensor, hyper: Hyperparameters, recipe: Recipe
) -> str:
    """Everything that decides the result, the weights before training included."""
    vectors = (hyper.learning_rate, hyper.l1, hyper.seed)
    tensors = (*rows.stored(x), *rows.stored(validation), *vectors, *network.parameters())
    return checkpoints.fingerprint(
        "pretraining", network.sizes, network.activation.name, recipe,
        *(tensor.numpy(force=True) for tensor in tensors),
    )  # fmt: skip


def _check_fit(
    network: MLP, x: Tensor, validation: Tensor, hyper: Hyperparameters, recipe: Recipe
) -> None:
    """Raise if network, examples and hyperparameters do not belong together."""
    if list(network.seeds) != hyper.seed.tolist():
        raise ValueError(
            f"The network's seeds must be those of Hyperparameters. Got {network.models} models "
            f"and {len(hyper)} seeds, or other numbers."
        )
    for name, examples in (("x", x), ("validation", validation)):
        _check_examples(name, examples, network.sizes[0])
    if recipe.samples(0) and not sparse_batches.is_sparse(x):
        raise ValueError(
            "Only the first layer of sparse rows can restore a share of its zeros. Got dense "
            f"examples and the `zeros` {recipe.zeros:g}."
        )
    if recipe.batch_size > len(x):
        raise ValueError(
            f"The `batch_size` must be at most the {len(x)} examples. Got {recipe.batch_size}."
        )


def _check_examples(name: str, examples: Tensor, inputs: int) -> None:
    """Raise if examples are not rows, dense or compressed, of so many finite numbers."""
    if examples.layout not in (torch.strided, torch.sparse_csr):
        raise ValueError(
            f"The examples of `{name}` must be dense or in compressed rows (torch.sparse_csr). "
            f"Got {examples.layout}."
        )
    if not rows.ascending(examples):
        raise ValueError(
            f"The columns of each row of `{name}` must ascend, none of them twice. Make the rows "
            "with `datasets.rows.compressed`, which checks it."
        )
    if examples.shape[-1] != inputs:
        raise ValueError(
            f"The network takes {inputs} inputs. Got examples of {examples.shape[-1]} in `{name}`."
        )
    if not len(examples):
        raise ValueError(f"There must be at least 1 example in `{name}`. Got none.")
    broken = ~rows.stored(examples)[-1].isfinite()
    if broken.any():
        row, _ = rows.place(examples, int(broken.flatten().nonzero()[0]))
        raise ValueError(f"The examples of `{name}` must be finite. Example {row} is not.")
