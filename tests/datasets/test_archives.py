"""Archives give what is in them or a ValueError; a bomb is never unpacked."""

import contextlib
import gzip
import io
import lzma
import re
import tarfile
import time
import zipfile
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tiny_archives import tar_of, zip_of

from relubook.datasets.files.archives import gunzip, tar_members, unxz, zip_members

LIMIT = 1 << 20
FILES = {"a/one.txt": b"one" * 500, "a/two.txt": b"", "b/three.txt": bytes(range(256)) * 9}
READERS = {"gzip": (gunzip, gzip.compress), "xz": (unxz, lzma.compress)}
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
few = settings(max_examples=60)


def untar(content, wanted, limit=LIMIT):
    return tar_members(content, wanted, name="x.tar.gz", limit=limit)


def unzip(content, wanted, limit=LIMIT):
    return zip_members(content, wanted, name="x.zip", limit=limit)


ARCHIVES = {"tar": (untar, tar_of), "zip": (unzip, zip_of)}


def damaged(content, data):
    """The content with a byte changed, bytes left out or bytes put in, somewhere."""
    place = data.draw(st.integers(0, len(content) - 1))
    left_out = data.draw(st.integers(0, 3))
    put_in = data.draw(st.binary(max_size=3))
    end = data.draw(st.sampled_from([len(content), place]))
    return content[:place] + put_in + content[place + left_out : end]


@few
@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=3), st.sampled_from([*READERS]))
def test_one_or_several_compressed_parts_are_unpacked(parts, kind):
    read, pack = READERS[kind]
    packed, whole = b"".join(map(pack, parts)), b"".join(parts)
    assert read(packed, name="x", limit=len(whole)) == whole
    if whole:
        with pytest.raises(ValueError, match=r"must unpack to at most [\d,]+ bytes"):
            read(packed, name="x", limit=len(whole) - 1)


@pytest.mark.parametrize("kind", READERS)
def test_large_content_survives_the_way_in_pieces(kind):
    read, pack = READERS[kind]
    for content in (bytes(5_000_000), zlib.compress(bytes(range(251)) * 4000, 0) * 3):
        assert read(pack(content), name="x", limit=len(content)) == content


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("more", [b"!", b"\0", b"\0" * 512, b"<html>"])
def test_bytes_after_the_end_are_refused(kind, more):
    read, pack = READERS[kind]
    with pytest.raises(ValueError, match=f"is not a whole {kind} file"):
        read(pack(b"content") + more, name="x", limit=LIMIT)


@pytest.mark.parametrize("kind", READERS)
def test_an_end_anywhere_too_early_is_refused(kind):
    read, pack = READERS[kind]
    packed = pack(b"some content")
    for length in range(len(packed)):
        with pytest.raises(ValueError, match=f"The file x is not a whole {kind} file: "):
            read(packed[:length], name="x", limit=LIMIT)


@few
@given(st.data(), st.sampled_from([*READERS]))
def test_damaged_compressed_files_give_their_content_or_a_value_error(data, kind):
    read, pack = READERS[kind]
    content = bytes(range(256)) * 3
    with contextlib.suppress(ValueError):
        assert read(damaged(pack(content), data), name="x", limit=LIMIT) in (content, b"")


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\")
paths = st.text(letters, min_size=1, max_size=60).filter(lambda path: path not in (".", ".."))


@few
@given(
    st.dictionaries(
        st.lists(paths, min_size=1, max_size=4).map("/".join), st.binary(max_size=1500), min_size=1
    ),
    st.sampled_from(["gnu", "pax"]),
)
@example({"x" * 150 + "/" + "y" * 90: b"ustar has two fields for this"}, "ustar")
@example({"ü" * 300: b"1"}, "pax")
def test_a_tar_archive_gives_back_what_pythons_own_writer_put_in(files, form):
    packed = tar_of({f"./{path}": content for path, content in files.items()}, FORMATS[form])
    assert untar(packed, set(files)) == files
    assert untar(packed, re.compile(".*")) == files


@pytest.mark.parametrize("kind", ARCHIVES)
def test_only_what_is_wanted_is_read(kind):
    read, pack = ARCHIVES[kind]
    packed = pack(FILES)
    assert read(packed, ["a/one.txt"]) == {"a/one.txt": FILES["a/one.txt"]}
    assert set(read(packed, re.compile(r"a/\w+\.txt"))) == {"a/one.txt", "a/two.txt"}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_what_is_missing_is_named(kind):
    read, pack = ARCHIVES[kind]
    with pytest.raises(ValueError, match="must hold c and 1 more"):
        read(pack(FILES), ["a/one.txt", "c", "d"])
    with pytest.raises(ValueError, match=r"must hold a file like c\.\*\. It does not"):
        read(pack(FILES), re.compile("c.*"))


@pytest.mark.parametrize("kind", ARCHIVES)
@pytest.mark.parametrize("path", ["/a/one.txt", "a/../a/one.txt", "../a/one.txt", "/../a/one.txt"])
def test_a_path_that_leads_out_of_the_archive_is_refused(kind, path):
    read, pack = ARCHIVES[kind]
    with pytest.raises(ValueError, match="must have a path inside the archive"):
        read(pack({path: b"1"}), ["a/one.txt"])
    assert read(pack({path: b"1", "b": b"2"}), ["b"]) == {"b": b"2"}


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"6", tarfile.GNUTYPE_SPARSE, b"A"])
def test_what_is_no_plain_file_is_refused_where_one_is_wanted_and_ignored_elsewhere(kind):
    packed = tar_of({"a": b"1"}, more=[("link", kind), ("folder", tarfile.DIRTYPE)])
    with pytest.raises(ValueError, match=r"link of x\.tar\.gz must be a plain file\. It is a link"):
        untar(packed, ["link"])
    assert untar(packed, ["a"]) == {"a": b"1"}
    with pytest.raises(ValueError, match="must hold folder"):
        untar(packed, ["folder"])


def test_a_link_in_a_zip_archive_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ValueError, match=r"link of x\.zip must be a plain file\. It is a link"):
        unzip(buffer.getvalue(), ["link"])


def test_a_file_that_is_there_twice_is_refused():
    packed = tar_of([("a", b"1"), ("./a", b"2")])
    with pytest.raises(ValueError, match=r"must be in x\.tar\.gz once\. It is there twice"):
        untar(packed, ["a"])
    with pytest.raises(ValueError, match=r"must be in x\.zip once\. It is there twice"):
        unzip(zip_of({"a": b"1", "./a": b"2"}), ["a"])


def test_a_limit_counts_all_that_is_wanted():
    files = {"a": bytes(600), "b": bytes(600)}
    assert unzip(zip_of(files), ["a"], limit=1000) == {"a": files["a"]}
    with pytest.raises(ValueError, match="at most 1,000 bytes"):
        unzip(zip_of(files), files, limit=1000)


@few
@given(st.data(), st.sampled_from([*ARCHIVES]))
def test_damaged_archives_give_their_content_or_a_value_error(data, kind):
    read, pack = ARCHIVES[kind]
    with contextlib.suppress(ValueError):
        found = read(damaged(pack(FILES), data), re.compile(".*"))
        assert set(found.values()) <= {*FILES.values(), b""}


@few
@given(st.data(), st.sampled_from([*FORMATS]))
def test_a_tar_archive_damaged_before_it_was_packed_gives_bytes_or_a_value_error(data, form):
    content = gzip.decompress(tar_of({"long/" * 25 + "x": b"1", **FILES}, FORMATS[form]))
    hurt = damaged(content, data)
    with contextlib.suppress(ValueError):
        found = untar(gzip.compress(hurt), re.compile(".*"))
        assert all(part in hurt for part in found.values())  # nothing is made up
        assert not any(path.startswith("/") or ".." in path.split("/") for path in found)


@pytest.mark.parametrize("form", FORMATS)
def test_a_tar_archive_cut_off_or_that_goes_on_is_refused_even_if_no_wanted_file_is_hurt(form):
    content = gzip.decompress(tar_of({**FILES, "c": b"\n" * 512}, FORMATS[form]))
    for length in range(0, content.rindex(b"\n") + 1, 64):
        with pytest.raises(ValueError, match=r"The file x\.tar\.gz is not a whole tar file: "):
            untar(gzip.compress(content[:length], 1), ["a/one.txt"])
    with pytest.raises(ValueError, match="what follows its last member is not the end"):
        untar(gzip.compress(content + b"!"), ["a/one.txt"])


def test_a_damaged_header_is_not_taken_for_the_end():
    content = gzip.decompress(tar_of(FILES)).replace(b"a/two.txt", b"a/tWo.txt")
    with pytest.raises(ValueError, match="what follows its last member is not the end"):
        untar(gzip.compress(content), ["a/one.txt"])


@pytest.mark.parametrize("size", [-512, -1024, -2048])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE, b"A"])
def test_members_never_lead_round_in_a_circle(size, kind):
    member = tarfile.TarInfo("b")
    member.size, member.type = size, kind
    content = gzip.decompress(tar_of({"a": b"1"}))[:1024] + member.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(ValueError, match=r"The file x\.tar\.gz is not a whole tar file: "):
        untar(gzip.compress(content + bytes(1024)), ["a"])


@pytest.mark.parametrize("files", [{"a": b"1"}, {"a": b"1", "b": b"2"}])
def test_a_file_is_never_longer_than_its_place_in_the_archive(files):
    lie = tarfile.TarInfo.create_pax_global_header({"size": "5000"})
    content = lie + gzip.decompress(tar_of(files, tarfile.PAX_FORMAT))
    with pytest.raises(ValueError, match=r"The file x\.tar\.gz is not a whole tar file: "):
        untar(gzip.compress(content), files)


def test_ten_thousand_members_take_a_second_or_two():
    header = gzip.decompress(tar_of({"a": bytes(600)}))[: 512 * 3]
    wanted = gzip.decompress(tar_of({"b": b"2"}))
    packed = gzip.compress(header * 10_000 + wanted, compresslevel=1)
    start = time.process_time()
    assert untar(packed, ["b"], limit=1 << 28) == {"b": b"2"}
    assert time.process_time() - start < 5
