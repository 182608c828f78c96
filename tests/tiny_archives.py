"""Small tar and zip archives, honest or not."""

import gzip
import io
import struct
import tarfile
import zipfile


def tar_of(files, form=tarfile.GNU_FORMAT, more=()):
    """A gzipped tar archive of files, and of more members without content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for path, content in files.items() if isinstance(files, dict) else files:
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for path, kind in more:
            member = tarfile.TarInfo(path)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    return gzip.compress(buffer.getvalue(), compresslevel=1)


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    """A zip archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def patched(content, **fields):
    """A zip archive of one member, its directory changed: flags, method, stated size."""
    content = bytearray(content)
    for start, shift in ((content.index(b"PK\3\4"), 6), (content.index(b"PK\1\2"), 8)):
        for name, value in fields.items():
            place, form = {"flags": (0, "<H"), "method": (2, "<H"), "size": (16, "<I")}[name]
            struct.pack_into(form, content, start + shift + place, value)
    return bytes(content)
