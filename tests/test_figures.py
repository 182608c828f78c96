"""Drawings are stored small, with the colors that mean something, the same at every run."""

import io
import re
from inspect import signature

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from relubook import experiments, figures, records

RECORDED = [stem for stem in records.stems() if stem.partition(".")[0] in experiments.NAMES]


def stored(fig, **how):
    with Image.open(io.BytesIO(figures.png(fig, **how))) as image:
        return np.asarray(image.convert("RGB"), dtype=int)


def colored():
    fig, ax = figures.axes(title="Every color of the house")
    for place, color in enumerate(figures.COLORS.values()):
        ax.axvspan(place, place + 1, color=color)
    generator = np.random.default_rng(0)
    ax.plot(5 * generator.random(300), generator.random(300), color=figures.INK, alpha=0.2)
    return fig


def test_a_stored_drawing_keeps_the_colors_that_mean_an_activation():
    pixels = stored(colored()).reshape(-1, 3)
    for color in (*figures.COLORS.values(), figures.GROUND):
        asked = 255 * np.array(to_rgb(color))
        assert np.abs(pixels - asked).max(1).min() <= 4, color


def test_a_stored_drawing_looks_like_the_drawing_itself():
    few, all_of_them = stored(colored()), stored(colored(), photographs=True)
    assert few.shape == all_of_them.shape
    assert np.abs(few - all_of_them).mean() < 3


def test_a_stored_drawing_is_the_same_bytes_at_every_run():
    assert figures.png(colored()) == figures.png(colored())


def test_the_drawings_of_the_records_are_light():
    record = records.load("hinges", scale="laptop", data="curves")
    fig = experiments.get("hinges").draw(experiments.result(record), experiments.subtitle(record))
    assert len(figures.png(fig)) < 60_000


@pytest.mark.parametrize("stem", RECORDED)
def test_the_words_around_a_drawing_lie_within_it(stem):
    name, scale, data = stem.split(".")
    record = records.load(name, scale=scale, data=data)
    values, below = experiments.result(record), experiments.subtitle(record)
    for draw in drawings(experiments.get(name)):
        fig = draw(values, below)
        fig.draw_without_rendering()
        for text in around(fig):
            box = text.get_window_extent()
            sticks_out = max(-box.x0, -box.y0, box.x1 - fig.bbox.width, box.y1 - fig.bbox.height)
            assert sticks_out < 1, (draw, text.get_text())


def drawings(module):
    """The drawings of an experiment that need a result and a subtitle only."""
    named = (getattr(module, name) for name in dir(module) if re.match("draw($|_)", name))
    return [draw for draw in named if list(signature(draw).parameters)[1:] == ["subtitle"]]


def around(fig):
    """The title, what is written above each panel, and the names of the axes."""
    words = [fig._suptitle]
    for ax in fig.axes:
        words += [ax._left_title, ax.title, ax.xaxis.label, ax.yaxis.label]
    return [text for text in words if text is not None and text.get_text()]
