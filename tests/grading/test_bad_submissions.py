"""Whatever is handed in ends with a grade or with a clear line, and the others are graded."""

import json

import nbformat
import one_question as one
import pytest

pytestmark = pytest.mark.sandbox

GRADED = {
    "right": 10, "untouched": 0, "no-test": 10, "no-test-no-answer": 3, "no-cells": 0,
    "same-ids": 10, "same-marks": 10, "easier-tests": 5, "more-points": 10, "other-kernel": 10,
    "no-kernel": 10, "colab": 10, "vs-code": 10, "format-4-2": 10, "as-markdown": 3,
    "not-python": 7,
}  # fmt: skip
REFUSED = {
    "renamed": "The notebook is called 'one (1).ipynb'. Rename it",
    "two": "There are a.ipynb, b.ipynb, but no one.ipynb.",
    "nothing": "There is no one.ipynb, nothing at all.",
    "a-letter": "There is no one.ipynb, only one.docx.",
    "truncated": "The file is no notebook, or only part of one.",
    "empty": "The file is no notebook, or only part of one.",
    "a-list": "The file is no notebook.",
    "deep": "The file is no notebook, or only part of one.",
    "latin": "The file is not text in UTF-8.",
    "byte-order-mark": "The file begins with a byte order mark.",
    "huge": "The notebook has 100 MB; at most 20 are read.",
    "format-3": "The notebook has format 3;",
    "no-list": "The notebook has no list of cells.",
    "a-link": "is a link to another place.",
    "odd-cells": "Part 1 of the notebook is no cell.",
}


def _changed(course, change):
    """The right answer, after a change to the notebook as plain data."""
    data = json.loads(one.text(course, one.RIGHT))
    change(data)
    return json.dumps(data)


def _mark(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _without(*names):
    def change(data):
        data["cells"] = [cell for cell in data["cells"] if _mark(cell) not in names]

    return change


def _easier(data):
    for cell in data["cells"]:
        if _mark(cell) in {"below", "at-0"}:
            cell["source"] = "assert True"
        if _mark(cell) == "rectify":
            cell["source"] = one.ABSOLUTE["rectify"]


def _colab(data):
    """As Colab saves: no ids, keys of its own, its kernel without a language."""
    data["nbformat_minor"] = 0
    data["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"}, "accelerator": "GPU",
    }  # fmt: skip
    for cell in data["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
        cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/", "height": 35}
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = "5f0c"


def _vs_code(data):
    data["nbformat_minor"] = 2
    data["metadata"] = {
        "kernelspec": {"display_name": ".venv (3.12.4)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.4", "file_extension": ".py"},
        "orig_nbformat": 4,
    }
    for cell in data["cells"]:
        del cell["id"]
        cell["metadata"]["vscode"] = {"languageId": "python"}


def _older(data):
    data["nbformat_minor"] = 2
    for cell in data["cells"]:
        del cell["id"]
        cell["source"] = "".join(cell["source"])


def _of(name, **more):
    """A change to the cell of that mark."""

    def change(data):
        for cell in data["cells"]:
            if _mark(cell) == name:
                cell.update(more)

    return change


def _same_marks(data):
    data["cells"].insert(1, json.loads(json.dumps(data["cells"][-1])))
    data["cells"][1]["id"] = "another"


def _more_points(data):
    for cell in data["cells"]:
        if _mark(cell) == "below":
            cell["metadata"]["nbgrader"]["points"] = 1000


def _same_ids(data):
    for cell in data["cells"]:
        cell["id"] = "same"


def _kernel(data):
    data["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


def _no_kernel(data):
    data["metadata"] = {}


def _odd_cells(data):
    data["cells"] = [7, {"cell_type": "poem"}]


def _as_markdown(data):
    for cell in data["cells"]:
        if _mark(cell) == "rectify":
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]
            cell["source"] = "I do not know."


CHANGES = {
    "no-test": _without("below"), "no-test-no-answer": _without("rectify", "below"),
    "no-cells": lambda data: data["cells"].clear(), "same-ids": _same_ids,
    "same-marks": _same_marks, "easier-tests": _easier, "more-points": _more_points,
    "other-kernel": _kernel, "no-kernel": _no_kernel, "colab": _colab, "vs-code": _vs_code,
    "format-4-2": _older, "as-markdown": _as_markdown, "odd-cells": _odd_cells,
    "not-python": _of("hinges", source="Dear reader, I did not understand this question."),
    "no-list": lambda data: data.update(cells={"0": 1}),
    "format-3": lambda data: data.update(nbformat=3),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """All of them handed in together, and what the instructor is told."""
    course = one.begin(tmp_path_factory.mktemp("bad"))
    right = one.text(course, one.RIGHT)
    course.hand_in("right", right)
    course.hand_in("untouched", one.text(course, {}))
    for student, change in CHANGES.items():
        course.hand_in(student, _changed(course, change))
    course.hand_in("byte-order-mark", "\ufeff" + right)
    course.hand_in("renamed", right, "one (1).ipynb")
    course.hand_in("two", right, "a.ipynb")
    course.hand_in("two", right, "b.ipynb")
    course.hand_in("nothing", "").unlink()
    course.hand_in("a-letter", "Dear teacher", "one.docx")
    course.hand_in("truncated", right[: len(right) // 2])
    course.hand_in("empty", "")
    course.hand_in("a-list", "[]")
    course.hand_in("deep", "[" * 100_000 + "]" * 100_000)
    course.hand_in("latin", right.replace("small", "größer").encode("latin-1"))
    course.hand_in("huge", right + " " * 100_000_000)
    file = course.hand_in("a-link", "")
    file.unlink()
    file.symlink_to(course.folder / "source" / one.NAME / f"{one.NAME}.ipynb")
    return course, course.grade()


def test_what_can_be_graded_is_graded(graded):
    course, _ = graded
    points = {student: sum(course.points(student).values()) for student in GRADED}
    assert points == GRADED


def test_what_cannot_has_a_line_that_says_what_to_do(graded):
    _, said = graded
    lines = " ".join(said.split("Not graded")[1].split())
    for student, sentence in REFUSED.items():
        assert f"{student}: " in lines
        assert sentence in lines.partition(f" {student}: ")[2][:150], student


def test_the_line_is_given_again_and_the_graded_are_left_alone(graded):
    course, _ = graded
    place = course.folder / "autograded" / "right" / one.NAME / f"{one.NAME}.ipynb"
    before = place.stat().st_mtime_ns
    said = course.grade()
    assert "graded before" in said
    assert f"Not graded ({len(REFUSED)})" in said
    assert place.stat().st_mtime_ns == before


def test_a_notebook_that_was_renamed_is_graded_the_next_time(graded):
    course, _ = graded
    folder = course.folder / "submitted" / "renamed" / one.NAME
    (folder / "one (1).ipynb").rename(folder / "one.ipynb")
    assert "10 of 10" in course.grade("--student=renamed")


def test_graded_notebooks_are_valid(graded):
    course, _ = graded
    for student in GRADED:
        place = course.folder / "autograded" / student / one.NAME / f"{one.NAME}.ipynb"
        nbformat.validate(nbformat.read(place, as_version=4))
