"""ReviewReader: a review to pick or to type, and what a small network makes of its words."""

from typing import Any, ClassVar

import numpy as np
from traitlets import Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable, escape
from relubook.widgets.review_reader_data import (
    Account,
    account_of,
    check_example,
    check_reader,
    tokens,
)

_STRONGEST = 8  # words in the table on paper


class ReviewReader(Explorable):
    """A review, the hidden units that it lights up, the stars, and what each word carries.

    The weights of a network with two small layers travel in the page, which runs it by itself.
    What a reader types is read in the page and stays there; a kernel hears the name of a picked
    example only.

    Args:
        data: What `experiments.review_reader_page.reader_data` builds from a record: the `words`,
            a line each; `stars` of the classes and their `shares` of the reviews learned [%]; the
            network of `width` units a layer (8 bits a weight in base64, a scale and a bias a
            unit); what was `measured`; and `examples` with name, title and text.
        **traits: Where the reader begins: `example`, the name of one.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold numbers that are not
            finite or words that no text can have, or are too large for a page.
    """

    _esm = module("review_reader.mjs")
    _css = style("style.css", "explorer.css", "choices.css", "review_reader.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "example")
    largest_data: ClassVar[int] = 260_000

    example = Unicode("").tag(sync=True)

    def __init__(self, data: dict[str, Any], **traits: Any) -> None:
        check_reader(data)
        start = {"example": data["examples"][0]["name"]}
        super().__init__(data=data, **{**start, **traits})

    @validate("example")
    def _check_example(self, proposal: dict[str, Any]) -> str:
        return check_example(self.data, proposal["value"])

    def __repr__(self) -> str:
        words = self.data["words"].count("\n") + 1
        return f"ReviewReader({words:,} words, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, **traits: Any) -> "ReviewReader":
        """Return the widget of a `review-reader` record.

        Args:
            record: Whose first network is shown.
            **traits: See the class.
        """
        from relubook.experiments.review_reader_page import reader_data

        return cls(reader_data(record), **traits)

    def fallback(self) -> str:
        """Return a sentence and tables of one review, for paper and for pages without scripts."""
        each = next(
            (each for each in self.data["examples"] if each["name"] == self.example),
            self.data["examples"][0],
        )
        words = tokens(each["text"])
        account = account_of(self.data, words)
        active = [int((outputs > 0).sum()) for outputs in (account.first, account.second)]
        return (
            "<p>This figure moves where scripts may run: it shows what each word of a review "
            f"carries in a network. {escape(self.data['data'])}; {escape(self.data['network'])}. "
            f"Here a review written for this book ({escape(each['title'])}):</p>"
            f"<blockquote><p>{escape(each['text']) or '(no text)'}</p></blockquote>"
            f"<p>Expected {account.expected:.1f} stars. {len(account.known)} different words of "
            f"{len(words)} are known; {active[0]} and {active[1]} of {self.data['width']} units "
            "are active in the two layers.</p>"
            f"{self._chances(account)}{self._shares(account)}"
        )

    def _chances(self, account: Account) -> str:
        head = "".join(f'<th scope="col">{star:g}</th>' for star in self.data["stars"])
        rows = (
            ("chance", 100 * account.probability),
            ("of the reviews learned", self.data["shares"]),
        )
        body = "".join(
            f'<tr><th scope="row">{name}</th>'
            + "".join(f"<td>{share:.0f}\u00a0%</td>" for share in shares)
            + "</tr>"
            for name, shares in rows
        )
        return (
            "<table><caption>How likely each number of stars is</caption>"
            f'<thead><tr><th scope="col">stars</th>{head}</tr></thead><tbody>{body}</tbody></table>'
        )

    def _shares(self, account: Account) -> str:
        """The words that carry most, the others, the biases, and their sum."""
        order = np.argsort(-np.abs(account.carried), kind="stable")
        rows = [(account.known[i], float(account.carried[i])) for i in order[:_STRONGEST]]
        if rest := order[_STRONGEST:].tolist():
            rows.append((f"{len(rest)} other words", float(account.carried[rest].sum())))
        rows += [("all biases", account.biases), ("together, L", account.slope)]
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{_signed(value)}</td></tr>'
            for name, value in rows
        )
        return (
            "<table><caption>What the words add to L, the slope of the logits over the stars, with "
            'the same units active</caption><thead><tr><th scope="col">word</th>'
            f'<th scope="col">nat per star</th></tr></thead><tbody>{body}</tbody></table>'
        )


def _signed(value: float) -> str:
    """Three decimals with a sign, its minus a real one; none where it rounds to 0."""
    text = f"{value:+.3f}"
    return "0.000" if not float(text) else text.replace("-", "−")
