"""Invented restaurant reviews with stars, as bags of words whose meaning is known.

How a review comes about:

1. The guest's sentiment s is drawn from N(1, 1), in steps of a tenth from -3 to 5.
2. Its stars are 1, plus 1 for each of four thresholds below s plus noise of N(0, 0.45).
3. Of one topic, it says a log-normal number of things. Each is a plain word (65 %), a word on the
   topic (10 %) or an opinion (25 %), all by Zipf's law; neither of the first two depends on s.
4. An opinion is a modifier (or none) and a polar word, worth v = factor times polarity. How often
   it is said in a neutral review is tilted by exp(3 s v): who is content praises.
5. Guests have two styles: 35 % like to deny, and say "not bad" where others say "good".

So the order of things means nothing, but "not good" is no praise. The bag holds "not", "good" and,
if the pair is frequent enough to be a term, "not_good". Where it is not, only who takes words
together can tell: many denials in a review turn round what its other words seem to say.
"""

import functools
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.entry import Arrays, Entry, Parts, Progress, Recipe
from relubook.datasets.generators.reviews_lexicon import (
    DENYING,
    ON_TOPIC,
    OPINIONS,
    SIZE,
    language,
    zipf,
)
from relubook.datasets.values import Split

CLASSES = ("1", "2", "3", "4", "5")
REVISION = 1  # raised by hand when the reviews may change
TILT = 3.0  # how far sentiment decides what opinions are said
LEVELS = np.arange(-30, 51) / 10  # what sentiments there are
THRESHOLDS = np.array([-0.8, -0.2, 0.4, 1.0])
NOISE = 0.45  # the part of the stars that the sentiment does not explain
THINGS, SPREAD, FEWEST, MOST = 25, 0.5, 5, 150  # said: median, log-normal spread, range

_BLOCK = 1_000  # reviews written at a time, each block from random numbers of its own
_SEED = 2011
_SIZES = (10_000, 2_000, 4_000, 10_000)  # train, validation, test, unlabelled


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """Reviews and the truth about them; stars are counted from 0, as labels are.

    Attributes:
        bags: How often each term of `vocabulary()` occurs, in compressed rows.
        stars: Labels, 0 for one star to 4 for five.
        sentiment: What the guest felt [1]: 0 is neutral, 1 is usual.
        best_guess: The expected stars, the sentiment being known. Nobody can do better.
        ideal_reading: The expected stars given every word in its order and the whole story of how
            reviews come about.
        words: The terms of all reviews, one after the other, in their order.
        starts: Where each review begins among the words, and where the last one ends.
    """

    bags: Float[Tensor, "reviews terms"]
    stars: Int[Tensor, "reviews"]
    sentiment: Float[Tensor, "reviews"]
    best_guess: Float[Tensor, "reviews"]
    ideal_reading: Float[Tensor, "reviews"]
    words: Int[Tensor, "words"]
    starts: Int[Tensor, "reviews_and_1"]

    def __len__(self) -> int:
        return len(self.stars)

    def text(self, review: int) -> str:
        """The words of a review in their order."""
        begin, end = self.starts[review], self.starts[review + 1]
        return " ".join(vocabulary()[term] for term in self.words[begin:end])

    def error(self, guess: Float[Tensor, "reviews"]) -> float:
        """The root of the mean squared error of guessed stars [star]."""
        return (guess - self.stars).square().mean().sqrt().item()


def vocabulary() -> tuple[str, ...]:
    """The 5,000 terms by their frequency in neutral reviews; pairs of words are joined by `_`."""
    return language().terms


def polarity() -> Float[Tensor, "terms"]:
    """What each term says, the truth behind the stars: from -1 to 1, for pairs from -1.6 to 1.6."""
    return torch.tensor(language().polarity, dtype=torch.float32)


def write(count: int, *, seed: int) -> Reviews:
    """Reviews by the story above. The first n of more reviews are the same n reviews.

    Args:
        count: How many, at least 1.
        seed: Decides all of them, at least 0.

    Returns:
        The reviews and the truth about them.

    Raises:
        ValueError: If an argument is out of its range.
    """
    if count < 1:
        raise ValueError(f"The `count` of reviews must be at least 1. Got {count}.")
    if seed < 0:
        raise ValueError(f"The `seed` of reviews must be at least 0. Got {seed}.")
    blocks = [_block(seed, number) for number in range(-(-count // _BLOCK))]
    joined = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return _reviews(_first(joined, count))


def _block(seed: int, number: int) -> dict[str, np.ndarray]:
    """One block of reviews as arrays: what was meant, and three slots of terms per thing said."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
    level = np.searchsorted(_prior().cumsum(), generator.random(_BLOCK))
    felt = LEVELS[level] + NOISE * generator.standard_normal(_BLOCK)
    state = level + len(LEVELS) * (generator.random(_BLOCK) < DENYING)
    topic = generator.integers(len(language().topics), size=_BLOCK)
    things = np.rint(THINGS * np.exp(SPREAD * generator.standard_normal(_BLOCK)))
    things = np.clip(things, FEWEST, MOST).astype(np.int64)
    kind, choice = generator.random((2, things.sum()))
    state_said, topic_said = np.repeat(state, things), np.repeat(topic, things)
    opinion, on_topic = kind < OPINIONS, kind >= 1 - ON_TOPIC
    said = np.full((len(kind), 3), -1)  # modifier, word, pair
    said[:, 1] = _plain(choice)
    said[on_topic, 1] = _on_topic(choice[on_topic], topic_said[on_topic])
    said[opinion], worth, denial = _opinions(choice[opinion], state_said[opinion])
    review = np.repeat(np.arange(_BLOCK), things)[opinion]
    return {
        "level": level, "stars": np.searchsorted(THRESHOLDS, felt), "things": things, "said": said,
        "opinions": np.bincount(review, minlength=_BLOCK),
        "worth": np.bincount(review, weights=worth, minlength=_BLOCK),
        "denial": np.bincount(review, weights=denial, minlength=_BLOCK),
    }  # fmt: skip


def _first(block: Mapping[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    """The first reviews."""
    end = block["things"][:count].sum()
    return {name: array[: end if name == "said" else count] for name, array in block.items()}


def _reviews(made: Mapping[str, np.ndarray]) -> Reviews:
    """Arrays as reviews: terms are counted, and what could be guessed is worked out."""
    said, count = made["said"], len(made["stars"])
    review = np.repeat(np.arange(count), made["things"])
    used = said >= 0
    entries, values = np.unique((review[:, None] * SIZE + said)[used], return_counts=True)
    ends = np.searchsorted(entries, np.arange(count + 1) * SIZE)
    lengths = np.bincount(review, weights=used[:, :2].sum(1), minlength=count)
    return Reviews(
        bags=rows.compressed(values, entries % SIZE, ends, width=SIZE),
        stars=torch.tensor(made["stars"]),
        sentiment=torch.tensor(LEVELS[made["level"]], dtype=torch.float32),
        best_guess=torch.tensor(_expected_stars()[made["level"]], dtype=torch.float32),
        ideal_reading=torch.tensor(_read(made), dtype=torch.float32),
        words=torch.tensor(said[:, :2][used[:, :2]]),
        starts=torch.tensor(np.concatenate(([0], lengths.cumsum())).astype(np.int64)),
    )


def _plain(choice: Float[np.ndarray, "said"]) -> Int[np.ndarray, "said"]:
    """Plain words by uniform random numbers."""
    plain = language().plain
    return plain[_pick(zipf(len(plain), offset=2), choice)]


def _on_topic(
    choice: Float[np.ndarray, "said"], topic: Int[np.ndarray, "said"]
) -> Int[np.ndarray, "said"]:
    """Words on a topic by uniform random numbers."""
    topics = language().topics
    return topics[topic, _pick(zipf(topics.shape[1], offset=5), choice)]


def _pick(shares: Float[np.ndarray, "_"], choice: Float[np.ndarray, "said"]) -> np.ndarray:
    """Positions drawn by their shares; rounding cannot lead past the last one."""
    return np.minimum(np.searchsorted(shares.cumsum(), choice, side="right"), len(shares) - 1)


def _opinions(
    choice: Float[np.ndarray, "said"], state: Int[np.ndarray, "said"]
) -> tuple[Int[np.ndarray, "said 3"], Float[np.ndarray, "said"], Float[np.ndarray, "said"]]:
    """Opinions said in some state of mind: modifier, word and pair, worth, evidence of denial."""
    words, tilted = language(), _tilted()[0]
    picked = np.empty(len(choice), dtype=np.int64)
    order = np.argsort(state, kind="stable")
    bounds = np.searchsorted(state[order], np.arange(len(tilted) + 1))
    for row, (begin, end) in enumerate(itertools.pairwise(bounds)):
        chosen = order[begin:end]
        picked[chosen] = _pick(tilted[row], choice[chosen])
    modifier, word = np.divmod(picked, len(words.polar))
    terms = (words.modifiers[modifier], words.polar[word], words.pairs[modifier, word])
    usual, denying = np.log(words.frequency[:, :, 0])
    return np.stack(terms, axis=1), words.worth[modifier, word], (denying - usual)[modifier]


@functools.cache
def _tilted() -> tuple[Float[np.ndarray, "states opinions"], Float[np.ndarray, "states"]]:
    """The share of each opinion in each state of mind, and the sum before it was shared.

    The states are the levels of sentiment of most guests, then those of guests who like to deny.
    """
    words = language()
    tilt = np.exp(TILT * LEVELS[:, None] * words.worth.ravel())
    weight = np.concatenate([style.ravel() * tilt for style in words.frequency])
    return weight / weight.sum(1, keepdims=True), weight.sum(1)


def _prior() -> Float[np.ndarray, "levels"]:
    """The share of each level of sentiment."""
    weight = np.exp(-((LEVELS - 1) ** 2) / 2)
    return weight / weight.sum()


def _expected_stars() -> Float[np.ndarray, "levels"]:
    """The expected stars, counted from 0, at each level of sentiment."""
    distance = (LEVELS[:, None] - THRESHOLDS) / (NOISE * math.sqrt(2))
    return (0.5 + 0.5 * np.vectorize(math.erf)(distance)).sum(1)


def _read(said: Mapping[str, np.ndarray]) -> Float[np.ndarray, "reviews"]:
    """The expected stars given all opinions, by Bayes' rule over the states of mind."""
    tilted = TILT * said["worth"][:, None] * LEVELS
    prior = [np.log(share * _prior()) for share in (1 - DENYING, DENYING)]
    log = np.concatenate((tilted + prior[0], tilted + prior[1] + said["denial"][:, None]), axis=1)
    log -= said["opinions"][:, None] * np.log(_tilted()[1])
    posterior = np.exp(log - log.max(1, keepdims=True))
    return posterior @ np.tile(_expected_stars(), 2) / posterior.sum(1)


def _make(progress: Progress | None = None) -> Arrays:
    """The reviews of all splits, one after the other, as arrays."""
    reviews = write(sum(_SIZES), seed=_SEED)
    names = ("starts", "columns", "values")
    bags = dict(zip(names, (part.numpy() for part in rows.stored(reviews.bags)), strict=True))
    return bags | {"stars": reviews.stars.numpy()}


def _parts(arrays: Arrays) -> Parts:
    """The first for training, then validation, test, and without their stars."""
    x = rows.compressed(arrays["values"], arrays["columns"], arrays["starts"], width=SIZE)
    chosen = torch.arange(len(x)).split(_SIZES)
    y = torch.tensor(arrays["stars"])
    train, validation, test = (Split(x=rows.take(x, part), y=y[part]) for part in chosen[:3])
    return Parts(
        train=train,
        validation=validation,
        test=test,
        unlabelled=rows.take(x, chosen[3]),
        vocabulary=vocabulary(),
    )


REVIEWS = Entry(
    name="reviews",
    title="Reviews (generated)",
    what="invented restaurant reviews with 1 to 5 stars, counts of 5,000 terms: 10,000 / 2,000 / "
    "4,000, and 10,000 without stars",
    origin=Recipe(revision=REVISION, make=_make, parts=_parts, slow=False),
    license="MIT",
    citekey="",
    classes=CLASSES,
    note="Made by a story that `datasets.generators.reviews` tells, so what each term says, and "
    "how well anybody can guess the stars, is known. Of the words, most are invented.",
    differs="The paper used real reviews from OpenTable. These have no grammar, and no topics but "
    "four planted ones: given the sentiment, whatever is said is independent of all else.",
)
