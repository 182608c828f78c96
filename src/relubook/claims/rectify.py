"""What this book says about rectifying: what cutting off half of the input loses and keeps."""

from relubook.claims import trained_measures, trained_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="smart-compression",
        chapter="rectify",
        number=28,
        statement="As zeros rise under the penalty, a hidden code loses what differs within a "
        "class, not the class, and keeps more of the class than principal components that read "
        "back as much of the whole.",
        page="",
        paper=(),
        experiment="read-back",
        data="mnist",
        test=trained_measures.smart_compression,
        interval="t interval over networks or seeds; bootstrap interval of the ratio of errors",
        threshold="R² of the class means minus R² of the rest rises with zeros; with the strongest "
        "penalty below 85 % zeros at most 5 points of the class are lost, its R² is above that of "
        "principal components with the same R² of all, and the test error is at most 1.1 times "
        "that without a penalty; the paper gives no number",
        flips=(
            "What is read: a linear decoder sees what lies open in a code. A deeper one would find "
            "more of what differs within a class.",
            "Training: before it, random rectifiers keep of the class what principal components "
            "keep, no more.",
            "The measure of size: as many principal components as units are active keep more of "
            "what differs within a class than the code does, until nearly all units are silent.",
            "A stronger penalty: beyond 85 % zeros the test error rises, while the class can still "
            "be read back.",
        ),
        twin=trained_twins.smart_compression,
    ),
)
