"""Claims of the paper, each judged by a committed record under a threshold fixed before the run.

`judge("plateau-to-85")` gives the verdict and every number behind it. A claim also has a `twin`:
the same mechanism on embedded data, which a test runs in seconds.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from relubook import records
from relubook.claims.alpha import CLAIMS as _ABOUT_ALPHA
from relubook.claims.biology import CLAIMS as _ABOUT_BIOLOGY
from relubook.claims.centered import CLAIMS as _ABOUT_CENTERING
from relubook.claims.cost import CLAIMS as _ABOUT_COST
from relubook.claims.disentangling import CLAIMS as _ABOUT_DISENTANGLING
from relubook.claims.distributed import CLAIMS as _ABOUT_DISTRIBUTED_CODES
from relubook.claims.dying import CLAIMS as _ABOUT_DYING
from relubook.claims.gradients import CLAIMS as _ABOUT_GRADIENTS
from relubook.claims.labels import CLAIMS as _ABOUT_LABELS
from relubook.claims.pretraining import CLAIMS as _ABOUT_PRETRAINING
from relubook.claims.reconstruction import CLAIMS as _ABOUT_RESTORING
from relubook.claims.rectify import CLAIMS as _ABOUT_RECTIFYING
from relubook.claims.regions import CLAIMS as _ABOUT_REGIONS
from relubook.claims.relatives import CLAIMS as _ABOUT_RELATIVES
from relubook.claims.rescaling import CLAIMS as _ABOUT_RESCALING
from relubook.claims.separability import CLAIMS as _ABOUT_SEPARABILITY
from relubook.claims.signs import CLAIMS as _ABOUT_SIGNS
from relubook.claims.since_2011 import CLAIMS as _ABOUT_LATER_METHODS
from relubook.claims.sparsity import CLAIMS as _ABOUT_SPARSITY
from relubook.claims.starts import CLAIMS as _ABOUT_STARTS
from relubook.claims.text import CLAIMS as _ABOUT_TEXT
from relubook.claims.text_words import CLAIMS as _ABOUT_WORDS
from relubook.claims.values import Claim, Judgment, Part, Verdict
from relubook.claims.variable_size import CLAIMS as _ABOUT_VARIABLE_SIZE
from relubook.claims.weaknesses import CLAIMS as _ABOUT_WEAKNESSES

__all__ = ["CLAIMS", "Claim", "Judgment", "Part", "Verdict", "about", "find", "judge"]

CLAIMS: Mapping[str, Claim] = {
    claim.id: claim
    for claim in (
        *_ABOUT_RECTIFYING,
        *_ABOUT_BIOLOGY,
        *_ABOUT_SPARSITY,
        *_ABOUT_DISENTANGLING,
        *_ABOUT_VARIABLE_SIZE,
        *_ABOUT_SEPARABILITY,
        *_ABOUT_DISTRIBUTED_CODES,
        *_ABOUT_REGIONS,
        *_ABOUT_ALPHA,
        *_ABOUT_GRADIENTS,
        *_ABOUT_STARTS,
        *_ABOUT_DYING,
        *_ABOUT_RESCALING,
        *_ABOUT_SIGNS,
        *_ABOUT_RESTORING,
        *_ABOUT_PRETRAINING,
        *_ABOUT_CENTERING,
        *_ABOUT_LABELS,
        *_ABOUT_LATER_METHODS,
        *_ABOUT_TEXT,
        *_ABOUT_WORDS,
        *_ABOUT_WEAKNESSES,
        *_ABOUT_RELATIVES,
        *_ABOUT_COST,
    )
}


def about(chapter: str) -> tuple[Claim, ...]:
    """The claims of one chapter, in the order in which it comes to them.

    Args:
        chapter: Such as `sparsity` or `cost`.

    Raises:
        ValueError: If no claim belongs to it; the nearest chapter is suggested.
    """
    found = tuple(claim for claim in CLAIMS.values() if claim.chapter == chapter)
    if found:
        return found
    known = sorted({claim.chapter for claim in CLAIMS.values()})
    near = get_close_matches(chapter, known, n=1, cutoff=0.3)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"No claim is about {chapter!r}.{hint} Known: {', '.join(known)}.")


def find(name: str) -> Claim:
    """The claim of that id.

    Args:
        name: A key of `CLAIMS`.

    Raises:
        ValueError: If there is no such claim; the nearest id is suggested.
    """
    if name in CLAIMS:
        return CLAIMS[name]
    near = get_close_matches(name, CLAIMS, n=1, cutoff=0.3)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"There is no claim {name!r}.{hint} Known: {', '.join(CLAIMS)}.")


def judge(claim: Claim | str, *, folder: Path = records.SHIPPED) -> Judgment:
    """The verdict of a claim from the largest record there is.

    Args:
        claim: A claim or its id.
        folder: Where the records are.

    Returns:
        The measurements, the verdict they add up to, and the record's passport.

    Raises:
        ValueError: If there is no such claim.
        LookupError: If no record can test it.
    """
    claim = find(claim) if isinstance(claim, str) else claim
    record = _largest_record(claim, folder)
    return Judgment(
        claim=claim,
        parts=claim.test(record.arrays),
        scale=record.scale,
        passport=record.passport,
    )


def _largest_record(claim: Claim, folder: Path) -> records.Record:
    """The first of the claim's scales that has a record."""
    present = records.stems(folder)
    for scale in claim.scales:
        if f"{claim.experiment}.{scale}.{claim.data}" in present:
            return records.load(claim.experiment, scale=scale, data=claim.data, folder=folder)
    raise LookupError(
        f"No record tests the claim {claim.id}. Make one: "
        f"relubook reproduce {claim.experiment} --scale {claim.scales[-1]} --data {claim.data}"
    )
