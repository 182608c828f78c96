"""The stored pictures are those of the installed fonts, complete and told apart."""

import importlib.util

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook.datasets.generators import faces


@pytest.fixture(scope="module")
def bake():
    """The tool that made the file."""
    specification = importlib.util.spec_from_file_location("bake", ROOT / "tools/bake_faces.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_there_are_twenty_two_faces_of_sixty_two_characters():
    assert faces.masters().shape == (22, 62, faces.SIDE, faces.SIDE)
    assert len(set(faces.names())) == 22
    assert len(set(faces.CHARACTERS)) == 62


@pytest.mark.parametrize("face", ["DejaVuSerif-Bold", "STIXGeneralItalic", "cmr10"])
def test_baking_again_gives_the_stored_pictures(bake, face):
    again = torch.from_numpy(bake.bake(face)).float()
    stored = faces.masters()[faces.names().index(face)].float()
    difference = (again - stored).abs()
    # Another FreeType may round an outline to a neighboring dot, which is an eighth of a pixel.
    assert difference.mean() < 2
    assert difference.flatten(1).mean(dim=1).max() < 6


def test_the_tool_names_the_stored_faces_in_their_order(bake):
    assert faces.names() == bake.FACES


def test_no_picture_is_empty():
    ink = faces.masters().float().sum(dim=(2, 3)) / 255
    assert ink.min() > 40
    assert faces.masters().amax(dim=(2, 3)).min() > 200


def test_every_picture_is_another():
    pictures = faces.masters().flatten(0, 1).numpy()
    assert len({picture.tobytes() for picture in pictures}) == 22 * 62


def test_the_characters_of_a_face_differ():
    """By ink, in parts of the two characters' ink; I and l are nearly the same in some faces."""
    pictures = faces.masters().float().flatten(2) / 255
    ink = pictures.sum(dim=2)
    differences = torch.cdist(pictures, pictures, p=1) / (ink[:, :, None] + ink[:, None])
    others = differences[:, ~torch.eye(62, dtype=torch.bool)]
    assert others.min() > 0.04
    assert (others < 0.1).float().mean() < 0.001


def test_a_face_fills_its_square_and_no_character_leaves_the_middle():
    ink = faces.masters() > 32
    assert (
        ink.any(dim=1)
        .any(dim=1)
        .sum(dim=1)
        .ge(faces.SIDE - 2)
        .logical_or(ink.any(dim=1).any(dim=2).sum(dim=1).ge(faces.SIDE - 2))
        .all()
    )
    for axis in (2, 3):
        line = ink.any(dim=axis).to(torch.uint8)
        before, after = line.argmax(dim=2), line.flip(2).argmax(dim=2)
        assert (before - after).abs().max() <= 1


def test_the_file_is_small_and_holds_no_pickle():
    assert faces.PATH.stat().st_size < 500_000
    with np.load(faces.PATH, allow_pickle=False) as stored:
        assert sorted(stored.files) == ["masters", "names"]


def test_each_call_gives_pictures_of_its_own():
    faces.masters().zero_()
    assert faces.masters().any()
