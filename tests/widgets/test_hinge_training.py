"""The network that a page trains is torch's, to the last digits that matter."""

import json

import numpy as np
import pytest
import torch

from browser_support import run_node
from relubook import hinges
from relubook.widgets.bundle import HERE

STEPS, RATE = 300, 0.01
X = np.linspace(-1, 1, 201)
TARGETS = {"sine": np.sin(np.pi * X), "step": np.where(X < 0, -0.8, 0.8)}
TRAIN = """
const { network, parametersOf, step } = await import(%s);
const { parameters, x, y, rate, steps } = %s;
const state = network(parameters);
const losses = Array.from({ length: steps }, () => step(state, x, y, rate));
console.log(JSON.stringify({ ...parametersOf(state), losses }));
"""
SPREAD = """
const { hingesOf, rootMeanSquare, spreadPoints, valueAt } = await import(%s);
const { count, x, y } = %s;
const f = hingesOf(spreadPoints(Array.from({ length: count + 1 }, () => [0, 0]), x, y));
console.log(JSON.stringify(rootMeanSquare(x.map((place) => valueAt(f, place)), y)));
"""


def in_node(script, module, given):
    address = json.dumps((HERE / module).as_uri())
    done = run_node("--input-type=module", "-e", script % (address, json.dumps(given)))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def start(count, seed):
    random = np.random.default_rng(seed)
    weights = random.choice([-1.0, 1.0], count)
    return {
        "weights": weights.tolist(),
        "biases": (-weights * random.uniform(-1, 1, count)).tolist(),
        "outputs": random.uniform(-0.3, 0.3, count).tolist(),
        "offset": 0.0,
    }


def in_torch(given, target):
    w, b, v, c = parameters = [
        torch.tensor(given[name], dtype=torch.float64, requires_grad=True)
        for name in ("weights", "biases", "outputs", "offset")
    ]
    x, y = torch.from_numpy(X), torch.from_numpy(target)
    optimizer, losses = torch.optim.Adam(parameters, lr=RATE), []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = ((torch.relu(x[:, None] * w + b) @ v + c - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    found = dict(zip(given, (p.detach().numpy() for p in parameters), strict=True))
    return {**found, "losses": losses}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("target", TARGETS)
def test_a_step_in_the_page_is_a_step_of_torchs_adam(target, count, seed):
    given, heights = start(count, seed), TARGETS[target]
    wish = {"parameters": given, "x": X.tolist(), "y": heights.tolist(), "rate": RATE,
            "steps": STEPS}  # fmt: skip
    ours, torchs = in_node(TRAIN, "hinge_training.mjs", wish), in_torch(given, heights)
    for name, values in torchs.items():
        assert np.abs(np.subtract(ours[name], values)).max() < 1e-9, name
    assert torchs["losses"][-1] < torchs["losses"][0]


def test_a_rectifier_that_is_never_on_learns_nothing():
    given = {"weights": [1.0, 1.0], "biases": [-2.0, 0.5], "outputs": [0.3, 0.2], "offset": 0.0}
    wish = {"parameters": given, "x": X.tolist(), "y": TARGETS["sine"].tolist(), "rate": RATE,
            "steps": 50}  # fmt: skip
    after = in_node(TRAIN, "hinge_training.mjs", wish)
    assert [after[name][0] for name in ("weights", "biases", "outputs")] == [1.0, -2.0, 0.3]
    assert after["biases"][1] != 0.5


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 8, 12])
@pytest.mark.parametrize("target", TARGETS)
def test_spread_evenly_in_the_page_is_evenly_spaced_in_the_record(target, count):
    """The page snaps heights to hundredths."""
    heights = TARGETS[target]
    wish = {"count": count, "x": X.tolist(), "y": heights.tolist()}
    recorded = hinges.root_mean_square(hinges.even(heights, count), heights)
    assert in_node(SPREAD, "hinge_numbers.mjs", wish) == pytest.approx(recorded, abs=0.006)
