"""PathViewer on paper and without scripts: one case as a still drawing, and all shares."""

from typing import Any

import numpy as np
from jaxtyping import Float

from relubook.widgets.lives import escape, written
from relubook.widgets.path_data import layers_of, picture_of, sizes_of

_WIDE, _HIGH, _TOP, _GAP = 340, 230, 15, 22  # pixels; between two units
_LIT = 'r="7" fill="#0072b2"'
_SILENT = 'r="5.5" fill="none" stroke="currentColor" stroke-opacity="0.5"'


def words(data: dict[str, Any], *, picture: int, depth: int, step_index: int) -> str:
    """HTML: what one picture lights in the penalized rectifier network, drawn, and all shares.

    Args:
        data: Of the widget.
        picture: Which of its pictures.
        depth: Hidden layers.
        step_index: Place of the training step.
    """
    kind = next(place for place, one in enumerate(data["kinds"]) if one["l1"] > 0)
    layers = _layers(data, kind, depth, step_index)
    outputs = _outputs(layers, picture_of(data, picture) / 255)
    lit = [int((h > 0).sum()) for h in outputs]
    label = escape(data["classes"][data["labels"][picture]])
    return (
        "<p>This figure moves where scripts may run: it shows the units and paths that one picture "
        f"selects in a small network. {escape(data['data'])}; {escape(data['network'])}. After "
        f"{data['steps'][step_index]:,} training steps the picture of a “{label}” lights "
        f"{sum(lit)} of {depth * data['width']} rectifiers and {np.prod(lit):,} of "
        f"{data['width'] ** depth:,} paths:</p>"
        + _drawing(layers, outputs)
        + _table(data, step_index)
    )


def _layers(data: dict[str, Any], kind: int, depth: int, step_index: int) -> list[Any]:
    network = next(n for n in data["networks"] if (n["kind"], n["depth"]) == (kind, depth))
    return layers_of(network["frames"][step_index], sizes_of(data, depth))


def _outputs(layers: list[Any], x: Float[np.ndarray, "pixels"]) -> list[Float[np.ndarray, "units"]]:
    """Outputs of each hidden layer of rectifiers."""
    found = []
    for weight, bias in layers[:-1]:
        x = np.maximum(x @ weight + bias, 0)
        found.append(x)
    return found


def _drawing(layers: list[Any], outputs: list[Float[np.ndarray, "units"]]) -> str:
    """Circles, hollow where silent, and a line for each weight between two lit units."""
    columns = np.linspace(20, _WIDE - 20, len(outputs))
    parts = []
    for place, ((weight, _), h, above) in enumerate(
        zip(layers[1:-1], outputs, outputs[1:], strict=False)
    ):
        flow = np.abs(h[:, None] * weight) * (above > 0)
        parts += [
            f'<path d="M{columns[place]:.0f} {_height(i)}L{columns[place + 1]:.0f} {_height(j)}" '
            f'stroke="#0072b2" stroke-opacity="0.6" stroke-width="{0.4 + 4 * share:.1f}"/>'
            for (i, j), share in np.ndenumerate(flow / max(flow.max(), np.finfo(float).tiny))
            if share > 0
        ]
    parts += [
        f'<circle cx="{x:.0f}" cy="{_height(unit)}" {_LIT if value > 0 else _SILENT}/>'
        for x, h in zip(columns, outputs, strict=True)
        for unit, value in enumerate(h)
    ]
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" role="img" aria-label="Units of the '
        f'hidden layers: lit ones filled, silent ones hollow">{"".join(parts)}</svg>'
    )


def _height(unit: int) -> int:
    return _TOP + _GAP * unit


def _table(data: dict[str, Any], step_index: int) -> str:
    """Share of lit paths of all kinds, by depth."""
    head = "".join(f'<th scope="col">{depth} hidden layers</th>' for depth in data["depths"])
    rows = "".join(
        f'<tr><th scope="row">{escape(_name(kind))}</th>{_cells(data, place, step_index)}</tr>'
        for place, kind in enumerate(data["kinds"])
    )
    return (
        "<table><caption>Lit paths [% of all], median (10-90 % of the seeds)</caption><thead><tr>"
        f'<th scope="col">network</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _cells(data: dict[str, Any], kind: int, step_index: int) -> str:
    paths = data["bands"]["paths"]
    return "".join(
        "<td>{:g} ({:g} to {:g})</td>".format(
            *(paths[cut][kind][at][step_index] for cut in ("median", "low", "high"))
        )
        for at in range(len(data["depths"]))
    )


def _name(kind: dict[str, Any]) -> str:
    return kind["activation"] + (f", L1 {written(kind['l1'])}" if kind["l1"] > 0 else "")
