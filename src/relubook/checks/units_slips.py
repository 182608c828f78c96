"""The slips that the checks of assignment 1 know by the numbers that come out."""

from collections.abc import Iterator

import torch
from torch import Tensor

Slip = tuple[str, Tensor]


def _of(condition: Tensor) -> Tensor:
    return condition.to(torch.float64)


def of_the_rectifier(x: Tensor) -> Iterator[Slip]:
    """Other functions than max(0, x)."""
    above = x.clamp(min=0)
    yield "It returns the absolute value. What should become of a negative input?", x.abs()
    yield "It returns its input. Which inputs should it change?", x
    yield "It keeps what is negative and cuts off the rest.", x.clamp(max=0)
    yield "It cuts off the wrong half, and turns the other one over.", (-x).clamp(min=0)
    yield "It returns 0 and 1. Above 0, the output is the input itself.", _of(x > 0)
    yield "It cuts off above 1, too. Above 0, the output is the input itself.", x.clamp(0, 1)
    yield "It rounds: are the numbers turned into integers?", above.floor()
    yield "It squares what is above 0.", above**2


def of_the_slope(x: Tensor) -> Iterator[Slip]:
    """Other functions than the rectifier's derivative."""
    yield "It returns the rectifier itself. How steep is it?", x.clamp(min=0)
    yield "Below 0 it is -1: that is the slope of the absolute value.", x.sign()
    yield "It is 1 everywhere. Where is the rectifier flat?", torch.ones_like(x)
    yield "It is 0 everywhere. Where does the rectifier rise?", torch.zeros_like(x)
    yield "It is 1 where the rectifier is flat, and 0 where it rises.", _of(x < 0)


def of_the_plain_softplus(x: Tensor) -> Iterator[Slip]:
    """Other functions than log(1 + exp(x))."""
    e = x.exp()
    yield "It returns the rectifier. The softplus is smooth: how large is it at 0?", x.clamp(min=0)
    yield "The logarithm has another base than e.", (1 + e).log2()
    yield "The logarithm has another base than e.", (1 + e).log10()
    yield "The logarithm is missing, or undone.", 1 + e
    yield "The logarithm is missing, or undone.", e
    yield "It returns its input: what is added before the logarithm?", x
    yield "It returns the derivative of the softplus.", x.sigmoid()
    yield "The exponent has the wrong sign.", (1 + 1 / e).log()
    yield "log1p adds 1 by itself.", (2 + e).log()


def of_the_softplus(x: Tensor, alpha: float) -> Iterator[Slip]:
    """What comes out if alpha is not used as it should."""
    plain = torch.logaddexp(x, torch.zeros_like(x))
    inside = torch.logaddexp(alpha * x, torch.zeros_like(x))
    yield "It ignores alpha: the answers for two alphas are the same.", plain
    yield (
        "Alpha stands inside only. Far to the right, how steep should the softplus be?",
        inside,
    )
    yield "Alpha stands outside only. What makes the bend sharper?", plain / alpha
    yield "Outside, alpha should divide. Now the slope grows with alpha squared.", inside * alpha
    yield (
        "Alpha has changed places: a larger one makes the bend wider, not sharper.",
        alpha * torch.logaddexp(x / alpha, torch.zeros_like(x)),
    )
    yield (
        "Alpha multiplies the exponential, not the exponent.",
        (1 + alpha * x.exp()).log() / alpha,
    )
    yield "It returns the rectifier, whatever alpha is.", x.clamp(min=0)


def of_the_softplus_slope(x: Tensor, alpha: float) -> Iterator[Slip]:
    """Other functions than the softplus' derivative; with alpha 1 some of them are right."""
    inner = (alpha * x).sigmoid()
    soft = torch.logaddexp(alpha * x, torch.zeros_like(x)) / alpha
    yield "It is the derivative for alpha = 1, whatever alpha is.", x.sigmoid()
    yield "A factor alpha is left over: does the one outside not undo it?", alpha * inner
    yield "It is divided by alpha once too often: what does the chain rule bring?", inner / alpha
    yield (
        "It is divided by alpha once too often: what does the chain rule bring?",
        (x.sigmoid() / alpha),
    )
    yield "It returns the softplus itself. How steep is it?", soft
    yield (
        "It is the derivative of the logistic function: one derivative too many.",
        (inner * (1 - inner)),
    )
    yield (
        "It is the derivative of the logistic function: one derivative too many.",
        (alpha * inner * (1 - inner)),
    )
    yield "It is the rectifier's derivative. The softplus has no sudden bend.", _of(x > 0)
    yield "It falls where the softplus becomes steeper: a sign is wrong.", 1 - inner


def of_tanh(x: Tensor) -> Iterator[Slip]:
    """Other functions than tanh."""
    h = x.tanh()
    yield "It is the logistic function. Tanh goes through 0, and from -1 to 1.", x.sigmoid()
    yield "It is half as steep as tanh at 0: which exponents does tanh have?", (x / 2).tanh()
    yield "It is twice as steep as tanh at 0: which exponents does tanh have?", (2 * x).tanh()
    yield "All signs are wrong: which exponential is subtracted?", -h
    yield "It is upside down: what is divided by what?", 1 / h
    yield "It is the derivative of tanh.", 1 - h * h
    yield "The denominator is missing, or only half of it.", x.sinh()
    yield "The denominator is missing, or only half of it.", 2 * x.sinh()
    yield "The numerator is missing, or only half of it.", 1 / x.cosh()


def of_elu(x: Tensor, alpha: float) -> Iterator[Slip]:
    """Other functions than the ELU."""
    below, above = x.clamp(max=0).expm1(), x.clamp(min=0)
    split = x > 0
    yield "It ignores alpha: the answers for two alphas are the same.", below + above
    yield "Alpha scales both halves. Above 0, the ELU is its input.", alpha * (below + above)
    yield "Alpha stands in the exponent.", (alpha * x.clamp(max=0)).expm1() + above
    yield "Below 0 it is a straight line, the leaky rectifier's.", torch.where(split, x, alpha * x)
    yield (
        "Below 0, a 1 is missing: what is the ELU at 0?",
        (torch.where(split, x, alpha * x.clamp(max=0).exp())),
    )
    yield (
        "Below 0, the 1 is not scaled by alpha, and at 0 there is a jump.",
        (torch.where(split, x, alpha * x.clamp(max=0).exp() - 1)),
    )
    yield "Below 0 it is 0: that is the rectifier.", above
    yield "Below 0 the sign is wrong.", above - alpha * below
    yield "The two halves have changed places.", torch.where(split, alpha * x.expm1(), x)


def of_the_elu_slope(h: Tensor, alpha: float) -> Iterator[Slip]:
    """Other functions of the ELU's output than its slope."""
    up = h > 0
    one = torch.ones_like(h)
    treated = "It takes the output for the pre-activation. What is exp(x), if only h is known?"
    yield "It ignores alpha: how steep is the ELU just below 0?", torch.where(up, one, h + 1)
    yield treated, torch.where(up, one, h.exp())
    yield treated, torch.where(up, one, alpha * h.exp())
    yield "It is 0 below 0: that is the rectifier's slope.", _of(up)
    yield (
        "It is the same everywhere below 0: that is a leaky rectifier's.",
        (torch.where(up, one, alpha * one)),
    )
    yield "Above 0, the ELU is its input: how steep is that?", h + alpha
    yield "Below 0 it returns the output, not the slope.", torch.where(up, one, h)
    yield "It is tanh's.", 1 - h * h
