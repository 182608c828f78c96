"""Invented reviews in the forms that real ones are published in."""

import csv
import io
import json
import lzma
import tarfile
import zipfile

import numpy as np

from relubook.datasets.texts import amazon, amazon_5000

WORDS = (
    "good",
    "bad",
    "film",
    "don't",
    "I",
    "Soup",
    "ÄRGER",
    "naïve",
    "2",
    "café",
    "x_y",
    "!",
    "'",
)
STARS = (1, 2, 3, 4, 7, 8, 9, 10)
# Enough reviews that every split of every set has some.
REVIEWS = [
    (f"{WORDS[n % 7]} {WORDS[n * 5 % 12]}<br /><br />  {WORDS[n * 3 % 11]} number {n}", n % 8)
    for n in range(160)
]


def imdb_lines(train, test, unlabelled):
    """Three xz files; reviews are (text, class)."""
    parts = {"train": train, "test": test}
    files = {
        f"{part}.jsonl.xz": [{"stars": STARS[c], "text": t, "id": 0} for t, c in reviews]
        for part, reviews in parts.items()
    }
    files["unsup.jsonl.xz"] = [{"text": text} for text in unlabelled]
    return {name: compressed_lines(records) for name, records in files.items()}


def compressed_lines(records):
    return lzma.compress("\n".join(map(json.dumps, records)).encode(), preset=0)


def imdb_archive(train, test, unlabelled):
    """The same as the published archive."""
    files = {
        f"aclImdb/{part}/{'pos' if c > 3 else 'neg'}/{n}_{STARS[c]}.txt": text.encode()
        for part, reviews in {"train": train, "test": test}.items()
        for n, (text, c) in enumerate(reviews)
    }
    files |= {f"aclImdb/train/unsup/{n}_0.txt": t.encode() for n, t in enumerate(unlabelled)}
    files["aclImdb/README"] = files["aclImdb/train/urls_pos.txt"] = b"not a review"
    return {"aclImdb_v1.tar.gz": tar_bytes(files)}


def tar_bytes(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def amazon_records():
    """Forty reviews of each domain, each with every key."""
    return [
        {"domain": domain, "label": int(c > 3), "stars": (1.0, 2.0, 4.0, 5.0)[c // 2]}
        | {"title": f"{domain} {n}", "text": text}
        for domain in amazon.DOMAINS
        for n, (text, c) in enumerate(REVIEWS[:40])
    ]


def amazon_archive(labelled=10, others=6):
    """The published archive, with fewer lines in each file."""
    files = {}
    for number, domain in enumerate(amazon.DOMAINS):
        counts = {"positive": labelled, "negative": labelled, "unlabeled": others + number}
        for kind, count in counts.items():
            lines = [
                f"{domain}:1 very_good:{n + 1} <num>:2 {kind}_{n % 3}:1 "
                f"#label#:{kind if kind != 'unlabeled' else amazon.POLARITIES[n % 2]}"
                for n in range(count)
            ]
            files[f"processed_acl/{domain}/{kind}.review"] = ("\n".join(lines) + "\n").encode()
    files["processed_acl/README"] = b"not a review"
    return files


def clothing_table(rows=None, header=("", "Title", "Review Text", "Rating")):
    """A table with as many columns as are read, and one more."""
    table = io.StringIO(newline="")
    write = csv.writer(table).writerow
    write(header)
    if rows is None:
        rows = [(n, f"title, {n}", text, 1 + c % 5) for n, (text, c) in enumerate(REVIEWS)]
    for row in rows:
        write(row)
    return table.getvalue().encode()


def zipped(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def npz_bytes(arrays, *, pickled=False):
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=pickled, **arrays)
    return stream.getvalue()


def bag_arrays(count, width, prefix=""):
    """Counts of a few terms for each of some reviews, as scipy stores them."""
    columns = [sorted({n % width, (n * 7 + 1) % width, 2}) for n in range(count)]
    values = [(n + place) % 3 + 1 for n in range(count) for place in range(len(columns[n]))]
    starts = np.cumsum([0, *map(len, columns)])
    return {
        f"{prefix}data": np.array(values, np.uint8),
        f"{prefix}indices": np.concatenate(columns).astype(np.uint16),
        f"{prefix}indptr": starts.astype(np.int32),
    }


def amazon_5000_arrays():
    """Twenty labelled and nine other reviews of each domain."""
    arrays = {}
    for domain in amazon.DOMAINS:
        for part, count in (("train", 20), ("test", 9)):
            prefix = f"{domain}_{part}_"
            arrays |= bag_arrays(count, amazon_5000.WIDTH, prefix)
            arrays[f"{prefix}y"] = np.array([1, -1] * 10, np.int8)[:count]
    return arrays


def restaurant_arrays():
    """Sixty reviews, sorted by rating, of eleven terms."""
    overall = np.repeat(np.arange(5, 0, -1), 12)
    return {
        **bag_arrays(60, 11),
        "shape": np.array([60, 11]),
        "ratings": np.stack([overall * 0, overall], axis=1).astype(np.uint8),
        "rating_names": np.array(["Food", "Overall"]),
        "terms": np.array([f"term {n}" for n in range(11)]),
    }
