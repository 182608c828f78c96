"""Reviews to begin with, written for this book; none is from a data set."""

from typing import NamedTuple


class Example(NamedTuple):
    """A review that a reader can pick.

    Attributes:
        name: What it is called in the address.
        title: What it is called on the page.
        text: The review.
    """

    name: str
    title: str
    text: str


_STRANGE = Example(
    "strange",
    "mostly unknown words",
    "Lovely quokkas! Zwischen den Zeilen: gezellig, wabi-sabi, 木漏れ日, хюгге. Flibbertigibbets "
    "snorkeled amidst umbrageous rhododendrons 🦘.",
)
_EMPTY = Example("empty", "nothing", "")

FILMS = (
    Example(
        "rave",
        "a rave",
        "What a wonderful film! I loved every minute of it. The story is touching and often very "
        "funny, the two leads are excellent, and the music is beautiful. It is one of the best "
        "movies I have seen in years, and I will watch it again. Highly recommended.",
    ),
    Example(
        "pan",
        "a pan",
        "This was awful. The plot makes no sense, the acting is terrible, and the dialogue is so "
        "stupid that I stopped caring after ten minutes. Boring from beginning to end. Don't waste "
        "your time or your money on the worst movie of the year.",
    ),
    Example(
        "mixed",
        "mixed",
        "The first half is great fun, with a clever idea and some good jokes. Then the script "
        "falls apart, the ending is predictable and the effects look cheap. Two of the actors are "
        "very good, the others are dull. Watch it once, but don't expect too much.",
    ),
    Example(
        "denied",
        "praise by denial",
        "Not bad at all! I expected a boring mess, the worst of its kind, and it wasn't. No silly "
        "jokes, no bad acting, nothing stupid or annoying. I have no complaints.",
    ),
    _STRANGE,
    _EMPTY,
)
MEALS = (
    Example(
        "rave",
        "a rave",
        "An excellent dinner. The soup was delicious, the fish fresh and tasty, and our waiter "
        "friendly and attentive. The room is beautiful. Everything was great, and we will be back.",
    ),
    Example(
        "pan",
        "a pan",
        "Terrible. The steak was burnt, the salad stale and the tables dirty. The waitress was "
        "rude, the service slow, and the bill horrible. Never again.",
    ),
    Example(
        "mixed",
        "mixed",
        "The pasta was great and the dessert very good, but the place is loud, the service slow "
        "and the wine overpriced. A nice lunch, a bad dinner.",
    ),
    Example(
        "denied",
        "praise by denial",
        "Not bad at all! The soup was not bland, the staff never rude, the room not loud. Nothing "
        "was overpriced and nobody was slow.",
    ),
    _STRANGE,
    _EMPTY,
)


def examples_for(data: str) -> tuple[Example, ...]:
    """Reviews of what a data set's reviews are about: meals or, by default, films."""
    return MEALS if data in ("reviews", "restaurants") else FILMS
