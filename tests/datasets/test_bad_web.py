"""Whatever a web server does, a download ends whole, or in one sentence that says what it did."""

import dataclasses

import bad_server as bad
import pytest
import tiny_digits
from bad_server import files_in
from fetching import CONTENT, NAME, fetch

from relubook import datasets
from relubook.datasets import registry
from relubook.datasets.files import transfer

NOWHERE = "http://127.0.0.1:1"
HALF = len(CONTENT) // 2
WHOLE = {NAME: CONTENT}


@pytest.fixture
def web():
    with bad.serving({NAME: CONTENT, **tiny_digits.tiny_files()}) as served:
        yield served


@pytest.fixture(autouse=True)
def _impatience(monkeypatch):
    monkeypatch.setattr(transfer, "CONNECT_TIMEOUT", 0.5)
    monkeypatch.setattr(transfer, "READ_TIMEOUT", 0.5)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "folder"


def begun(folder, content):
    """A folder with a part that an earlier attempt left."""
    folder.mkdir()
    (folder / f"{NAME}.part").write_bytes(content)


GOOD_IN_THE_END = {
    "chunked": [bad.chunked],
    "without a length": [bad.until_closed],
    "packed for the way": [bad.zipped],
    "said to be packed": [bad.called_zipped],
    "broken off twice": [bad.breaks_off(100_000)],
    "stalled once": [bad.stalls_after(HALF), bad.well],
    **{
        f"redirected by {s}": [bad.redirects(s, "/a/{name}"), bad.well]
        for s in (301, 302, 307, 308)
    },
}


@pytest.mark.parametrize("hashed", [True, False])
@pytest.mark.parametrize("kind", GOOD_IN_THE_END)
def test_a_server_that_is_merely_odd_is_understood(kind, hashed, web, folder):
    web.behave(*GOOD_IN_THE_END[kind])
    fetch(folder, web.address, hashed=hashed)
    assert files_in(folder) == WHOLE


FAILURES = {
    "wrong bytes": (bad.wrong_bytes, "is truncated and was refused: SHA-256 .* with 15 bytes"),
    "right length": (bad.right_length, "is corrupt and was refused: SHA-256"),
    "endless": (bad.too_long, "is too long and was refused"),
    "web page": (bad.web_page, "is a web page, not data, and was refused"),
    "empty": (bad.empty, "sent an empty file"),
    "silent": (bad.stalls_at_once, "sent nothing for 0.5 seconds"),
    "silent after its headers": (bad.stalls_after(0), "sent nothing for 0.5 seconds"),
    "other part": (bad.always_elsewhere, "sent another part of the file than was asked for"),
    "hangs up": (bad.breaks_off(0), "broke off the connection"),
    "circle": (bad.redirects(302, "/{name}"), "redirects in a circle"),
    "leads nowhere": (bad.redirects(302, NOWHERE), f"leads to {NOWHERE}, which refused the con"),
    "leads to no host": (
        bad.redirects(302, "http://nowhere.invalid/{name}"),
        "leads to http://nowhere.invalid/.*, which has a host whose name is not known",
    ),
    "leads to ftp": (bad.redirects(302, "ftp://nowhere.invalid/"), "no address on the web"),
    "leads to nonsense": (bad.redirects(302, "http://[::1/"), "no address on the web"),
    **{str(s): (bad.answers(s), rf"answered {s} \(") for s in (403, 404, 500, 503)},
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_sentence_and_leaves_no_file(kind, web, folder):
    behavior, words = FAILURES[kind]
    web.behave(behavior)
    with pytest.raises(datasets.DatasetUnavailable, match=words) as caught:
        fetch(folder, web.address)
    title, sentence = str(caught.value).splitlines()
    assert title == f"{NAME} could not be fetched:"
    assert sentence.startswith(f"  {web.address}/{NAME} ")
    assert not any(word in sentence for word in ("urllib", "HTTPConnection", "Errno", "object at"))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert set(files_in(folder)) <= {f"{NAME}.refused"}


@pytest.mark.parametrize("kind", FAILURES)
def test_the_next_address_serves_what_the_first_does_not(kind, web, folder):
    web.behave(FAILURES[kind][0])
    with bad.serving(WHOLE) as good:
        fetch(folder, web.address, good.address)
    assert files_in(folder)[NAME] == CONTENT


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (NOWHERE, "refused the connection"),
        ("http://nowhere.invalid", r"name is not known here \(is this computer online\?\)"),
        ("nowhere", "no address on the web"),
    ],
)
def test_a_host_that_is_not_there_is_explained(host, words, folder):
    with pytest.raises(datasets.DatasetUnavailable, match=f"{host}/{NAME} .*{words}"):
        fetch(folder, host)


def test_a_server_without_encryption_behind_https_is_explained(web, folder):
    with pytest.raises(datasets.DatasetUnavailable, match="made no secure connection"):
        fetch(folder, web.address.replace("http:", "https:"))


@pytest.mark.parametrize("behavior", [bad.wrong_bytes, bad.right_length, bad.web_page])
def test_what_is_refused_is_kept_aside_once(behavior, web, folder):
    web.behave(behavior)
    for _ in range(2):
        with pytest.raises(datasets.DatasetUnavailable, match=f"kept as .*{NAME}.refused"):
            fetch(folder, web.address)
    assert len(files_in(folder)) == 1
    web.behave(bad.answers(404))
    with pytest.raises(datasets.DatasetUnavailable, match="404"):
        fetch(folder, web.address)


def test_other_bytes_that_are_refused_get_a_number(web, folder):
    web.behave(bad.wrong_bytes, bad.right_length, bad.web_page)
    with pytest.raises(datasets.DatasetUnavailable, match=f"{NAME}.refused3"):
        fetch(folder, *[web.address] * 3)
    assert set(files_in(folder)) == {f"{NAME}.refused{number}" for number in ("", "2", "3")}


def test_a_web_page_is_no_file_even_where_no_digest_was_published(web, folder):
    web.behave(bad.web_page)
    with pytest.raises(datasets.DatasetUnavailable, match="a web page, not data"):
        fetch(folder, web.address, hashed=False)


@pytest.mark.parametrize(
    ("behavior", "sent"),
    [
        (bad.well, len(CONTENT) - HALF),
        (bad.ignores_ranges, len(CONTENT)),
        (bad.breaks_off(100_000), len(CONTENT) - HALF),
    ],
)
@pytest.mark.parametrize("hashed", [True, False])
def test_a_part_is_continued_where_the_server_can(behavior, sent, hashed, web, folder):
    begun(folder, CONTENT[:HALF])
    web.behave(behavior)
    fetch(folder, web.address, hashed=hashed)
    assert files_in(folder) == WHOLE
    assert web.sent == sent
    assert web.asked[0] == (NAME, HALF)


@pytest.mark.parametrize(
    ("part", "behaviors"),
    {
        "longer than the file": (CONTENT + b"!", [bad.well]),
        "of another file": (b"!" * HALF, [bad.well]),
        "continued elsewhere": (CONTENT[:HALF], [bad.wrong_range]),
        "continued with other bytes": (CONTENT[:HALF], [bad.lying_range]),
        "of the right length": (b"!" * len(CONTENT), [bad.well]),
    }.values(),
)
def test_a_part_that_is_no_beginning_of_the_file_is_begun_anew(part, behaviors, web, folder):
    begun(folder, part)
    web.behave(*behaviors)
    fetch(folder, web.address)
    assert files_in(folder)[NAME] == CONTENT
    assert web.asked[-1] == (NAME, None)


def test_a_part_beyond_the_end_is_begun_anew_where_the_length_is_unknown(web, folder):
    begun(folder, CONTENT + b"!")
    fetch(folder, web.address, hashed=False)
    assert files_in(folder) == WHOLE
    assert web.asked == [(NAME, len(CONTENT) + 1), (NAME, None)]


def test_a_part_that_was_whole_needs_no_network(folder):
    begun(folder, CONTENT)
    fetch(folder, NOWHERE)
    assert files_in(folder) == WHOLE


def test_another_address_continues_the_part(web, folder):
    web.behave(bad.breaks_off(HALF), bad.breaks_off(0))
    with bad.serving(WHOLE) as good:
        fetch(folder, web.address, good.address)
    assert good.asked == [(NAME, HALF)]
    assert files_in(folder) == WHOLE


def test_a_broken_connection_says_how_far_it_came_and_that_this_is_kept(web, folder):
    web.behave(bad.breaks_off(100_000), bad.breaks_off(0))
    words = r"broke off the connection\.\n  What came of it, 100,000 bytes, is kept and will"
    with pytest.raises(datasets.DatasetUnavailable, match=words):
        fetch(folder, web.address)


def test_a_connection_that_breaks_off_again_and_again_is_given_up(web, folder):
    web.behave(bad.breaks_off(20_000))
    with pytest.raises(datasets.DatasetUnavailable, match="after 200,000 of 300,000 bytes"):
        fetch(folder, web.address)
    fetch(folder, web.address)
    assert files_in(folder) == WHOLE
    assert web.sent == len(CONTENT)


def test_a_web_page_does_not_overwrite_a_part(web, folder):
    begun(folder, CONTENT[:HALF])
    web.behave(bad.web_page)
    with pytest.raises(datasets.DatasetUnavailable, match=r"web page, not data\.\n.*is kept and"):
        fetch(folder, web.address)
    assert files_in(folder) == {f"{NAME}.part": CONTENT[:HALF]}


def test_only_a_published_digest_allows_to_leave_https():
    there, here = "https://a/x", "http://b/x"
    assert transfer.leads_into_the_open([there, here])
    assert transfer.leads_into_the_open([there, here, there])
    assert not transfer.leads_into_the_open([here, there])
    assert not transfer.leads_into_the_open([here, here])


@pytest.fixture
def unverified(monkeypatch, web):
    """The tiny set as if no digests had been published."""
    entry = tiny_digits.tiny_entry(web.address)
    edition = entry.editions[0]
    files = tuple(dataclasses.replace(file, sha256="", size=0) for file in edition.files)
    origin = (dataclasses.replace(edition, files=files),)
    monkeypatch.setitem(registry.ENTRIES, "tiny", dataclasses.replace(entry, origin=origin))


def test_without_a_digest_the_content_decides_and_gets_a_second_chance(unverified, web, cache):
    name = "train-labels-idx1-ubyte.gz"
    path = tiny_digits.put(cache / "tiny") / name
    path.write_bytes(path.read_bytes()[:-3])
    assert datasets.load("tiny").source == "download"
    assert {asked for asked, _ in web.asked} == set(tiny_digits.tiny_files())
    assert path.read_bytes() == tiny_digits.tiny_files()[name]
    assert (cache / "tiny" / f"{name}.refused").stat().st_size == path.stat().st_size - 3
    assert datasets.load("tiny").source == "cache"


def test_without_a_digest_wrong_content_is_fetched_once_a_call(unverified, web):
    web.behave(bad.wrong_bytes)
    with pytest.raises(datasets.DatasetUnavailable, match="is not a whole gzip file"):
        datasets.load("tiny")
    assert len(web.asked) == 4


def test_the_load_ends_in_one_line_an_address_and_steps_to_take(web, register):
    web.behave(bad.web_page)
    register(web.address, NOWHERE)
    with pytest.raises(datasets.DatasetUnavailable) as caught:
        datasets.load("tiny")
    lines = str(caught.value).splitlines()
    assert [line for line in lines if line.startswith("  http")] == [
        line for line in lines if "web page" in line or "refused the connection" in line
    ]
    assert lines[-1].startswith("4. ")
