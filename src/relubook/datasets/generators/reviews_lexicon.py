"""The invented language of `reviews`: its words, how often each is used, and what it is worth.

Everything is written by hand or built from syllables. A word of opinion has a polarity from -1 to
1, and a modifier before it multiplies that: "not" turns it round, "very" makes it stronger.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

SIZE = 5_000  # terms
OPINIONS, ON_TOPIC = 0.25, 0.1  # shares of what is said [1]; the rest are plain words
MODIFIERS = {  # the factor on the polarity of the next word, its share among opinions [1] of most
    # guests, and that of guests who like to deny
    "": (1.0, 0.60, 0.25), "very": (1.3, 0.15, 0.05), "not": (-0.8, 0.08, 0.40),
    "really": (1.2, 0.06, 0.03), "never": (-1.0, 0.03, 0.15), "slightly": (0.5, 0.03, 0.01),
    "hardly": (-0.6, 0.02, 0.10), "extremely": (1.6, 0.03, 0.01),
}  # fmt: skip
DENYING = 0.35  # the share of guests who like to deny [1]
PAIRS = 100  # how many pairs such as "not good" are terms of their own

_POLAR = {  # the most common first in each line
    1.0: """great delicious amazing excellent
        wonderful perfect fantastic awesome superb outstanding incredible exquisite heavenly
        phenomenal magnificent divine flawless exceptional sublime marvelous spectacular stunning
        terrific glorious unforgettable irresistible""",
    0.7: """good tasty fresh lovely friendly beautiful attentive flavorful juicy tender crispy
        charming yummy succulent memorable impressive delightful elegant gracious savory creamy
        fragrant inventive generous luscious scrumptious welcoming authentic refined polished
        mouthwatering splendid superior""",
    0.4: """nice fine cozy warm pleasant clean decent quick cheerful honest reasonable relaxed
        prompt satisfying comfortable solid polite fun helpful lively neat hearty efficient
        affordable healthy crisp smooth stylish spacious sweet""",
    -0.4: """slow small loud cold plain dull noisy average crowded greasy dry salty cramped pricey
        ordinary sloppy boring watery chewy lukewarm dated dim limp uneven forgettable
        unremarkable rushed oily dreary drab""",
    -0.7: """bad bland overpriced dirty stale soggy rude burnt poor tough undercooked careless
        sour tasteless mushy rubbery flavorless smelly unfriendly clumsy messy grumpy arrogant
        shabby dismal sluggish tired lousy mediocre unpleasant sticky grimy overcooked""",
    -1.0: """terrible awful horrible disgusting worst inedible rancid dreadful filthy appalling
        revolting vile rotten nasty moldy gross abysmal atrocious nauseating hideous insulting
        putrid repulsive foul ghastly unacceptable""",
}  # fmt: skip
_COMMON = """the and a was to we i it of in for our with is but that had my at they
        were on this so you all there as be have just from one out place here are me their when
        food an which if us some or restaurant time what up about service dinner would by will
        been get your no went back also ordered more can only after has well got came other too
        even table two who them night first order then than did server try before wine could do
        again made next how like people she he going since both over because while around into off
        down every many few another most each where through told asked said took gave brought left
        found think know see come go want eat drink meal dish dishes evening day week weekend year
        visit home town city way thing things part side half three four five ten once twice still
        yet later soon until during between without against almost quite rather maybe perhaps
        though however instead either neither same such own whole full last second main husband
        wife friend friends family party group birthday anniversary kids mother father guests chef
        owner house course starter plates fork knife spoon napkin tablecloth sat stood walked
        waiting arrived called booked shared split finished started stayed returned decided
        expected needed wanted looked seemed felt tasted served cooked grilled baked fried roasted
        filled paid"""
_TOPICS = (  # a review is about one of them
    """soup salad steak chicken fish bread dessert
        sauce pasta shrimp cheese pizza rice potatoes cake lamb burger salmon appetizer vegetables
        lobster noodles pork chocolate mushrooms""",
    """waiter waitress staff manager hostess reservation minutes waited seated bill water refill
        tip apron greeting request kitchen orders questions attitude smile attention busboy
        bartender tray""",
    """room music tables window chairs decor patio bar lights view bathroom door parking corner
        floor walls candles garden terrace booth fireplace entrance ceiling street neighborhood""",
    """price menu portion money value dollars lunch special check deal discount coupon cost buffet
        courses glass bottle plate brunch hours size leftovers cents wallet budget""",
)
_SYLLABLES = (
    "bra cle dri flo gru ha je ki lo mu ne plo qua ri sto tru va wi yo ze",
    "bi da fe go lu ma ni po ra su ta ve xi zo ka li",
    "bek dal fin gor lum min nop pel ras sil tov van wex zun kra lio",
)
_INVENTED_POLAR = 100
_STRIDE = 1_327  # shares no factor with the number of syllable combinations


@dataclass(frozen=True, kw_only=True)
class Language:
    """All terms of the invented language, and where to find them.

    Attributes:
        terms: The words and the frequent pairs, the most frequent in neutral reviews first.
        polarity: What each term says, from -1 to 1 (a pair: from -1.6 to 1.6); 0 for no opinion.
        plain: The terms without an opinion, the most frequent first, but for those of topics.
        topics: The terms of each topic.
        polar: The terms of opinion.
        modifiers: The term of each modifier; -1 for none.
        pairs: The term of each modifier before each term of opinion; -1 where that is none.
        worth: What a modifier and a word of opinion say together: factor times polarity.
        frequency: How often they are said, as a share of all opinions [1], by a neutral guest who
            is like most (0), or who likes to deny (1).
    """

    terms: tuple[str, ...]
    polarity: Float[np.ndarray, "terms"]
    plain: Int[np.ndarray, "plain"]
    topics: Int[np.ndarray, "topics words"]
    polar: Int[np.ndarray, "polar"]
    modifiers: Int[np.ndarray, "modifiers"]
    pairs: Int[np.ndarray, "modifiers polar"]
    worth: Float[np.ndarray, "modifiers polar"]
    frequency: Float[np.ndarray, "styles modifiers polar"]


@functools.cache
def language() -> Language:
    """The invented language, always the same."""
    polar, topics = _opinions(), tuple(words.split() for words in _TOPICS)
    factors, *styles = np.array(tuple(MODIFIERS.values())).T
    worth = factors[:, None] * np.array(tuple(polar.values()))
    frequency = np.stack(styles)[:, :, None] * zipf(len(polar), offset=2)
    usual = (1 - DENYING) * frequency[0] + DENYING * frequency[1]
    names = np.array([[f"{modifier}_{word}" for word in polar] for modifier in MODIFIERS])
    paired = np.zeros(names.size, dtype=bool)
    paired[len(polar) + np.argsort(-usual[1:], axis=None, kind="stable")[:PAIRS]] = True
    pairs = names[paired.reshape(names.shape)].tolist()
    plain = _plain_words(SIZE - PAIRS - len(polar) - len(MODIFIERS) + 1 - sum(map(len, topics)))
    said = dict(zip(pairs, OPINIONS * usual.ravel()[paired], strict=True))
    said |= dict(zip(polar, OPINIONS * usual.sum(0), strict=True))
    said |= dict(zip(tuple(MODIFIERS)[1:], OPINIONS * usual.sum(1)[1:], strict=True))
    terms = _by_frequency(said, topics, plain)
    place = {term: position for position, term in enumerate(terms)}
    says = polar | dict(zip(pairs, worth.ravel()[paired].tolist(), strict=True))

    def places(words: np.ndarray | Sequence[str] | Sequence[Sequence[str]]) -> np.ndarray:
        return np.vectorize(lambda word: place.get(word, -1), otypes=[np.int64])(words)

    return Language(
        terms=terms, polarity=np.array([says.get(term, 0.0) for term in terms]),
        plain=places(plain), topics=places(topics), polar=places(tuple(polar)),
        modifiers=places(tuple(MODIFIERS)), pairs=places(names), worth=worth, frequency=frequency,
    )  # fmt: skip


def _by_frequency(
    said: Mapping[str, float], topics: Sequence[Sequence[str]], plain: Sequence[str]
) -> tuple[str, ...]:
    """All terms, the most frequent first; the frequency of those of opinion is given [1]."""
    on_topic, rest = ON_TOPIC / len(topics), 1 - OPINIONS - ON_TOPIC
    used = dict(said) | dict(zip(plain, rest * zipf(len(plain), offset=2), strict=True))
    for words in topics:
        used |= dict(zip(words, on_topic * zipf(len(words), offset=5), strict=True))
    return tuple(sorted(used, key=used.__getitem__, reverse=True))


def zipf(count: int, *, offset: int) -> Float[np.ndarray, "words"]:
    """Shares [1] of words by rank, in proportion to 1 / (rank + offset), ranks counted from 0."""
    weight = 1 / (np.arange(count) + offset)
    return weight / weight.sum()


def _opinions() -> dict[str, float]:
    """Every word of opinion and its polarity, the most common first."""
    lines = {polarity: words.split() for polarity, words in _POLAR.items()}
    rank = {
        word: (position + 0.5) / len(words)
        for words in lines.values()
        for position, word in enumerate(words)
    }
    polarity = {word: value for value, words in lines.items() for word in words}
    written = {word: polarity[word] for word in sorted(rank, key=rank.__getitem__)}
    values = tuple(_POLAR)
    invented = [_invented(number) for number in range(_INVENTED_POLAR)]
    return written | {word: values[n % len(values)] for n, word in enumerate(invented)}


def _plain_words(count: int) -> list[str]:
    """As many words without an opinion, those written by hand first."""
    common = _COMMON.split()
    more = range(_INVENTED_POLAR, _INVENTED_POLAR + count - len(common))
    return common + [_invented(number) for number in more]


def _invented(number: int) -> str:
    """A word of three syllables that means nothing, another for each number."""
    word, rest = "", number * _STRIDE
    for line in _SYLLABLES:
        syllables = line.split()
        rest, position = divmod(rest, len(syllables))
        word += syllables[position]
    return word
