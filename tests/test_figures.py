"""Drawings are stored small, with the colors that mean something, the same at every run."""

import io

import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image

from relubook import experiments, figures, records


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
