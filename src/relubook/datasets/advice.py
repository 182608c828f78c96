"""What to do where a data set cannot be had: the stand-in, and numbered steps."""

from pathlib import Path

from relubook.datasets.entry import Edition, Entry, File


def explain(entry: Entry, tried: str) -> str:
    """What was tried, what to use instead, and how to get the files by hand.

    Args:
        entry: The data set.
        tried: One line for each place.

    Returns:
        Several lines, the last ones numbered steps.
    """
    steps = [_obtain(entry), *_use(entry)]
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return (
        f"The data set {entry.name} is not available. Tried:\n{tried}\n{_stand_in(entry)}"
        f"To get it by hand:\n{numbered}"
    )


def _stand_in(entry: Entry) -> str:
    """A line on the stand-in, if there is one."""
    if entry.stand_in is None:
        return ""
    return (
        f'Its stand-in is load("{entry.stand_in}"), which is another data set: results on it '
        f"are not results on {entry.name}.\n"
    )


def _obtain(entry: Entry) -> str:
    """The first step: where to get which files."""
    public = next((edition for edition in entry.editions if edition.downloadable), None)
    if public is None:
        names = ", ".join(_names(entry.editions[0]))
        return f"Get {names}: {entry.by_hand or 'they have no public address.'}"
    listed = "\n".join(f"   {_address(file)}" for file in public.files)
    return f"Download these files:\n{listed}"


def _names(edition: Edition) -> list[str]:
    """The names of the files, shortened where they are many."""
    names = [file.name for file in edition.files]
    return names if len(names) <= 6 else [*names[:2], "...", names[-1]]


def _address(file: File) -> str:
    """Where a file is, and how to know that it is whole."""
    known = f"SHA-256 {file.sha256}" if file.sha256 else "no SHA-256 was published"
    return f"{file.urls[0]}\n   {known}"


def _use(entry: Entry) -> list[str]:
    """The other steps: what to do with the files."""
    folder = Path("data")
    return [
        f"Put them, unchanged, into a folder named {entry.folder}, for example "
        f"{folder / entry.folder}.",
        f"Set the environment variable RELUBOOK_DATA to the folder above it, here {folder}.",
        f'Call load("{entry.name}") again; it verifies every file.',
    ]
