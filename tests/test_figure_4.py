"""Figure 4: labels drawn anew for each seed, runs that go on where they were cut, and gains."""

import dataclasses

import numpy as np
import pytest
import torch
from matplotlib.text import Text

from relubook import datasets, experiments, figures, paper, records
from relubook.experiments import figure_4, figure_4_networks
from relubook.experiments.figure_4_networks import count_of, labeled
from relubook.experiments.figure_4_values import ACTIVATIONS, gain, of, place_of, printed_gain
from relubook.experiments.pretrained import STARTS


class Cut(Exception):
    """The moment at which a run is cut off."""


@pytest.fixture(scope="module")
def config():
    return experiments.configure("figure-4", "smoke")


@pytest.fixture(scope="module")
def whole(config):
    return figure_4.run(config)


def test_every_seed_has_labels_of_its_own_as_many_of_each_class():
    data = datasets.load("mnist-5k")
    first, second = (labeled(data, 129, seed) for seed in (0, 1))
    assert len(first.train) == 129
    assert not torch.equal(first.train.x, second.train.x)
    assert set(torch.bincount(first.train.y).tolist()) == {12, 13}
    assert torch.equal(labeled(data, 40, 0).train.x, first.train.x[:40])
    assert first.sha256 != second.sha256
    assert torch.equal(first.validation.x, data.validation.x)


def test_labels_of_made_pictures_have_a_digest_of_their_own():
    made = dataclasses.replace(datasets.load("mnist-5k"), recipe="toys, rendered", sha256="")
    digests = {labeled(made, count, seed).sha256 for count in (20, 40) for seed in (0, 1)}
    assert len(digests | {made.sha256}) == 5


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (0.0, r"above 0 and at most 100 %. Got 0\."),
        (101.0, r"at most 100 %. Got 101\."),
        (0.2, r"every one of 10 classes .* at least 0.333 % of 3,000. Got 0.2 %, 6 images"),
    ],
)
def test_a_share_with_too_few_labels_is_refused(share, sentence):
    with pytest.raises(ValueError, match=sentence):
        count_of(share, datasets.load("mnist-5k"))
    assert count_of(4.3, datasets.load("mnist-5k")) == 129


@pytest.mark.parametrize("labels", [30, 129, 500, 3000])
def test_few_labels_are_seen_more_often_in_a_pass(labels):
    laptop = experiments.configure("figure-4", "laptop")
    assert laptop.shares == (1.0, *paper.LABEL_SHARES)
    times = laptop.times(labels)
    assert times == 1 or 0.7 * laptop.examples_a_pass < labels * times
    data = datasets.load("mnist-5k")
    own = labeled(data, labels, 3, times)
    assert len(own.train) == labels * times
    once = labeled(data, labels, 3).train.x
    assert torch.equal(own.train.x, once.repeat(times, 1))


def test_a_run_that_was_cut_goes_on_and_gives_the_same_numbers(config, whole, tmp_path):
    def cut_at(done):
        def progress(now, total, text):
            if now > done * total:
                raise Cut

        return progress

    for done in (0.1, 0.45, 0.8):
        with pytest.raises(Cut):
            figure_4.run(config, checkpoints=tmp_path / "run", progress=cut_at(done))
    calls = []
    again = figure_4.run(
        config, checkpoints=tmp_path / "run", progress=lambda now, *_: calls.append(now)
    )
    for name, values in whole.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], values, err_msg=name)
    assert calls == sorted(calls)
    assert not list(tmp_path.glob("*.running.npz"))
    other = dataclasses.replace(config, rates=(0.1, 0.02))
    with pytest.raises(ValueError, match="belongs to another run"):
        figure_4.run(other, checkpoints=tmp_path / "run")


def test_what_diverged_counts_for_no_gain(whole):
    arrays = {name: values.copy() for name, values in whole.arrays().items()}
    arrays["diverged"][0, 1, 0, 1] = 2
    assert np.isnan(of(arrays, "test_error", "rectifier", "with")[0]).tolist() == [False, True]
    assert np.isnan(gain(arrays, "rectifier")[0]).tolist() == [False, True]
    assert np.isfinite(gain(arrays, "tanh")).all()
    expected = 100 * (arrays["test_error"][1, 0] - arrays["test_error"][1, 1])
    np.testing.assert_allclose(gain(arrays, "tanh"), expected)


def test_the_gains_stand_beside_those_of_the_papers_figure(whole):
    assert printed_gain(4.3, "rectifier") == pytest.approx(6.74)
    assert printed_gain(100.0, "tanh") == pytest.approx(1.62)
    assert np.isnan(printed_gain(1.0, "tanh"))
    lines = figure_4.compare(whole)
    assert len(lines) == len(ACTIVATIONS)  # of the shares at smoke the paper has one
    assert all("other images" in line.quantity for line in lines)
    last = place_of(whole.arrays(), 100.0)
    assert lines[0].here == pytest.approx(gain(whole.arrays(), "rectifier")[last].mean())


@pytest.mark.parametrize("data", ["norb", "mnist"])
def test_every_drawing_has_words_and_the_papers_points_on_toys_only(whole, data):
    shown = dataclasses.replace(whole, data=whole.data | {"name": data})
    for name in ("draw", "draw_gain", "draw_loss"):
        fig = getattr(figure_4, name)(shown, "a subtitle")
        assert fig.get_suptitle()
        assert getattr(figure_4, name.replace("draw", "describe"))(shown).endswith(".")
    assert len(figure_4.draw(shown).axes) == (2 if data == "norb" else 1)


def five_seeds(whole):
    """The result with five seeds that err a quarter less and pay a tenth more if pretrained."""
    arrays = {
        name: values
        if values.ndim < 3
        else values.take([0, 1, 0, 1, 0], axis=min(3, values.ndim - 1))
        for name, values in whole.arrays().items()
    }
    arrays["test_error"] = np.full_like(arrays["test_error"], 0.2)
    arrays["test_error"][:, 1] = 0.15
    arrays["rate_validation"] = np.broadcast_to([0.3, 0.2], arrays["rate_loss"].shape).copy()
    arrays["rate_validation"][:, 1] = 0.2, 0.1
    arrays["rate_loss"] = np.broadcast_to([9.0, 0.05], arrays["rate_loss"].shape).copy()
    arrays["rate_loss"][:, 1] = 1e-3, 0.055
    return dataclasses.replace(whole, **arrays)


def medians(fig, activation):
    """The points of one kind of unit's line in the panels of error and of cost."""
    color = figures.COLORS[activation]
    lines = [
        next(line for line in ax.lines if (line.get_color(), line.get_linestyle()) == (color, "-"))
        for ax in fig.axes
    ]
    return [np.asarray(line.get_ydata(), dtype=float) for line in lines]


def test_error_and_cost_are_compared_seed_by_seed_the_cost_at_one_rate(whole):
    shown = five_seeds(whole)
    fig = figure_4.draw_loss(shown)
    for activation in ACTIVATIONS:
        error, cost = medians(fig, activation)
        np.testing.assert_allclose(error, -25.0)
        np.testing.assert_allclose(cost, 10.0)
    assert (
        "test\nerror in 5 of 5 seeds, their training cost at one rate in 0 of 5"
        in fig.get_suptitle()
    )
    words = figure_4.describe_loss(shown)
    told = "error −25 % (lower in 5 of 5), cost +10 % (lower in 0 of 5)"
    assert words.count(told) == len(ACTIVATIONS) * len(shown.share)
    assert "both at the rate chosen without pretraining" in words
    assert "at the rate chosen without pretraining" in fig.axes[1].get_ylabel()


@pytest.mark.parametrize("strayed", [1e3, np.inf, np.nan])
def test_a_seed_that_went_astray_moves_no_line_and_is_told(whole, strayed):
    shown = five_seeds(whole)
    shown.rate_loss[0, 1, :, 4, 1] = strayed
    fig = figure_4.draw_loss(shown)
    _, cost = medians(fig, "rectifier")
    np.testing.assert_allclose(cost, 10.0)
    legend = fig.axes[1].get_legend()
    assert legend is not None
    texts = [text.get_text() for text in legend.get_texts()]
    assert ("seeds beyond the axis: 2" in texts) == np.isfinite(strayed)
    last = f"in 0 of {5 if np.isfinite(strayed) else 4}"
    assert fig.get_suptitle().endswith(last)
    assert figure_4.draw_loss(five_seeds(whole)).axes[1].get_ylim() == fig.axes[1].get_ylim()


def test_where_every_network_diverged_the_change_is_unknown(whole):
    shown = five_seeds(whole)
    shown.diverged[0, 1] = 3
    shown.rate_loss[0, 1] = np.nan
    words = figure_4.describe_loss(shown)
    assert words.count("rectifier at 5 %: error unknown, cost unknown") == 1
    assert "nan" not in words
    assert "error in 0 of 0 seeds" in figure_4.draw_loss(shown).get_suptitle()


def test_no_words_of_the_records_drawings_cover_each_other():
    record = records.load("figure-4", scale="laptop", data="mnist")
    fig = figure_4.draw_loss(experiments.result(record), figure_4.subtitle(record))
    fig.draw_without_rendering()
    texts = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    for place, (words, box) in enumerate(boxes):
        assert fig.bbox.x0 <= box.x0, words
        assert box.x1 <= fig.bbox.x1, words
        for other, another in boxes[place + 1 :]:
            assert not box.overlaps(another), (words, other)


def test_both_starts_are_taught_with_the_same_labels(config, whole):
    assert whole.test_error.shape == (len(ACTIVATIONS), len(STARTS), 2, len(config.seeds))
    assert whole.zeros.shape[-1] == len(config.widths)
    assert (whole.zeros[ACTIVATIONS.index("tanh")] < 0.01).all()
    assert figure_4_networks.count_of(5.0, datasets.load("mnist-5k").subset(train=400)) == 20
