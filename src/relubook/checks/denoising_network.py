"""Checks of the assignment on denoising: the cost of a tied autoencoder, and its gradients.

Gradients are asked for by hand: torch's autograd is off while a function is tried, and whoever
switches it on is told.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.overrides import TorchFunctionMode

from relubook.checks import Outcome
from relubook.checks.denoising_answers import (
    Student,
    WrongFormError,
    alike,
    asked,
    changed,
    number,
    numbers,
    outcome,
    several,
)
from relubook.checks.denoising_slips import (
    Step,
    cost,
    first_of,
    gradients,
    step,
    wrong_costs,
    wrong_gradients,
    wrong_z,
)

_PARTS = ("the gradient by `w`", "the gradient by `b`", "the gradient by `c`")
_W, _B, _C = range(3)
_NO_ERROR = 0.02  # of the cost: no autoencoder of this kind restores so well by chance
_BY_HAND = "It uses torch's autograd, which is switched off here. Write the derivatives by hand."


def check_z(function: object) -> Outcome:
    """Check a function `denoising_cost(x, corrupted, w, b, c)`, the z that it returns.

    Args:
        function: Takes examples and what is left of them [batch inputs], weights [inputs units],
            biases of the hidden units [units] and of the outputs [inputs]. Hidden units are
            rectifiers, and the weights back are `w`, transposed. Returns the pre-activations `z` of
            the outputs [batch inputs], and the cost of the mini-batch: the mean over the examples
            of the sum over the inputs of (max(0, z) - x)^2.

    Returns:
        What was found.

    >>> def denoising_cost(x, corrupted, w, b, c):
    ...     z = (corrupted @ w + b).relu() @ w.T + c
    ...     return z, (z.relu() - x).square().sum(1).mean()
    >>> check_z(denoising_cost), check_cost(denoising_cost)
    (All public checks passed (3 of 3)., All public checks passed (2 of 2).)
    """
    return outcome(function, (_z, _z_of_sizes, _z_keeps))


def check_cost(function: object) -> Outcome:
    """Check the cost that the same function returns, given its own z.

    Args:
        function: The same.

    Returns:
        What was found.
    """
    return outcome(function, (_cost, _cost_of_sizes))


def check_slopes_c(function: object) -> Outcome:
    """Check a function `gradients(x, corrupted, w, b, c)`, the third that it returns.

    Args:
        function: Takes what `denoising_cost` takes. Returns the gradients of its cost by `w`
            [inputs units], `b` [units] and `c` [inputs], without autograd, in the arguments'
            dtype. Where z is 0, the derivative of max(0, z) is 0.

    Returns:
        What was found.

    >>> def gradients(x, corrupted, w, b, c):
    ...     before = corrupted @ w + b
    ...     h, z = before.relu(), before.relu() @ w.T + c
    ...     delta = 2 * (z - x) * (z > 0) / len(x)
    ...     back = (delta @ w) * (before > 0)
    ...     return corrupted.T @ back + delta.T @ h, back.sum(0), delta.sum(0)
    >>> check_slopes_c(gradients), check_slopes_b(gradients), check_slopes_w(gradients)
    (All ... passed (4 of 4)., All ... passed (2 of 2)., All ... passed (2 of 2).)
    """
    return outcome(function, (_slopes(_C), _sizes(_C), _stuck_at_zero, _form))


def check_slopes_b(function: object) -> Outcome:
    """Check the second that the same function returns.

    Args:
        function: The same.

    Returns:
        What was found.
    """
    return outcome(function, (_slopes(_B), _sizes(_B)))


def check_slopes_w(function: object) -> Outcome:
    """Check the first that the same function returns.

    Args:
        function: The same.

    Returns:
        What was found.
    """
    return outcome(function, (_slopes(_W), _sizes(_W)))


def by_hand(
    function: Student, made: Step, place: int, dtype: torch.dtype = torch.float64
) -> Float[Tensor, "..."]:
    """One of the three gradients of a student's function, in float64.

    Raises:
        WrongFormError: If it is no tensor of the right shape, or made by autograd.
    """
    part = _untouched(function, made.copy(dtype))[place]
    return numbers(part, tuple(made[2 + place].shape), f"T{_PARTS[place][1:]}")


class _Watch(TorchFunctionMode):
    """Sees whether something is computed with gradients on."""

    def __init__(self) -> None:
        super().__init__()
        self.used = False

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        self.used = self.used or torch.is_grad_enabled()
        return func(*args, **(kwargs or {}))


def _untouched(function: Student, own: Step) -> Sequence[object]:
    """What the function returns while autograd is off."""
    with torch.inference_mode(), _Watch() as watch:
        try:
            answer = asked(function, *own)
        except RuntimeError as error:
            if watch.used or "does not require grad" in str(error):
                raise WrongFormError(_BY_HAND) from None
            raise
    if watch.used:
        raise WrongFormError(_BY_HAND)
    return several(answer, _PARTS)


def _asked_for_z(function: Student, made: Step) -> Float[Tensor, "batch inputs"]:
    """The student's z; nothing is asked of the cost."""
    z, _ = several(asked(function, *made.copy()), ("z", "the cost"))
    return numbers(z, tuple(made.x.shape), "z")


def restored(function: Student, made: Step) -> tuple[Tensor, float]:
    """The z and the cost of a student's function, in float64.

    Raises:
        WrongFormError: If they are not a tensor of the right shape and a number.
    """
    parts = several(asked(function, *made.copy()), ("z", "the cost"))
    if isinstance(parts[1], Tensor) and parts[1].shape == (len(made.x),) and len(made.x) > 1:
        raise WrongFormError("It returns one cost for each example. Return their mean.")
    return numbers(parts[0], tuple(made.x.shape), "z"), number(parts[1], "The cost")


def _z(function: Student) -> str | None:
    """The forward pass."""
    made = step()
    found = _asked_for_z(function, made)
    if alike(found, made.z()):
        return None
    return first_of(found, wrong_z(made)) or (
        "z is wrong. Print the shapes on the way: [batch inputs], [batch units], [batch inputs]."
    )


def _z_of_sizes(function: Student) -> str | None:
    """Other sizes, with as many units as inputs among them."""
    for sizes in ((4, 3, 3), (1, 4, 6), (7, 6, 2)):
        made = step(*sizes)
        if not alike(_asked_for_z(function, made), made.z()):
            return "z is wrong for {} examples of {} inputs and {} units.".format(*sizes)
    return None


def _z_keeps(function: Student) -> str | None:
    """The arguments stay what they are."""
    made = step()
    own = made.copy()
    asked(function, *own)
    return changed(Step._fields, own, made)


def _cost(function: Student) -> str | None:
    """The cost of the student's own z."""
    made = step()
    z, found = restored(function, made)
    right, found = _own_cost(made, z), torch.tensor(found, dtype=torch.float64)
    if float(right) < _NO_ERROR * cost(made):
        return "The cost is judged by your own z, and yours is x, or nearly. What should z be?"
    if alike(found, right):
        return None
    return first_of(found, wrong_costs(made, z)) or (
        f"The cost is wrong: {float(found):.4g}. Of your own z it should be {float(right):.4g}."
    )


def _cost_of_sizes(function: Student) -> str | None:
    """Other sizes; of one example."""
    for sizes in ((1, 4, 3), (9, 2, 5)):
        made = step(*sizes)
        z, found = restored(function, made)
        if not alike(torch.tensor(found, dtype=torch.float64), _own_cost(made, z)):
            return "The cost is wrong for {} examples of {} inputs.".format(*sizes[:2])
    return None


def _own_cost(made: Step, z: Float[Tensor, "batch inputs"]) -> Float[Tensor, ""]:
    """The cost of outputs with this z."""
    return (z.clamp(min=0) - made.x).square().sum(1).mean()


def _slopes(place: int) -> Callable[[Student], str | None]:
    """A test of one of the three gradients."""

    def test(function: Student) -> str | None:
        made = step()
        found = by_hand(function, made, place)
        if alike(found, gradients(made)[place]):
            return None
        slips = ((sentence, value[place]) for sentence, value in wrong_gradients(made))
        name = Step._fields[2 + place]
        return first_of(found, slips) or (
            f"The gradient by `{name}` is wrong. Move one number of `{name}` by 0.001: by how much "
            "does the cost change, and what does your gradient say?"
        )

    return test


def _sizes(place: int) -> Callable[[Student], str | None]:
    """The same for other sizes, and in float32."""

    def test(function: Student) -> str | None:
        name = Step._fields[2 + place]
        for sizes in ((4, 3, 3), (1, 4, 6), (7, 6, 2)):
            made = step(*sizes)
            if not alike(by_hand(function, made, place), gradients(made)[place]):
                words = "{} examples of {} inputs and {} units".format(*sizes)
                return f"The gradient by `{name}` is wrong for {words}."
        made = step()
        if not alike(by_hand(function, made, place, torch.float32), gradients(made)[place]):
            return f"The gradient by `{name}` is not exact enough in float32."
        return None

    return test


def _stuck_at_zero(function: Student) -> str | None:
    """Outputs whose z is exactly 0."""
    made = step()
    made = made._replace(b=torch.full_like(made.b, -100), c=torch.zeros_like(made.c))
    if by_hand(function, made, _C).any():
        return "Where z is exactly 0, the derivative of max(0, z) counts as 0: the output is stuck."
    return None


def _form(function: Student) -> str | None:
    """Dtypes, and what becomes of the arguments."""
    made = step()
    for dtype in (torch.float32, torch.float64):
        own = made.copy(dtype)
        for part, name in zip(_untouched(function, own), "wbc", strict=True):
            if isinstance(part, Tensor) and part.dtype != dtype:
                return f"In {dtype} the gradient by `{name}` comes out as {part.dtype}."
        if sentence := changed(Step._fields, own, made.copy(dtype)):
            return sentence
    return None
