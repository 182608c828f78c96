"""Fifty toys: ten random instances of each of five families, every one a few rounded boxes.

Toys look along x, have their left at y > 0 and stand on the ground; one unit is about half of a
toy's length. All numbers were chosen by looking at the pictures.
"""

import math
from collections.abc import Callable

import torch

from relubook.datasets.generators.solids import Number, Part, Point, Solid, fitted, solid

CLASSES = ("animal", "human", "airplane", "truck", "car")
INSTANCES = 10
RADIUS = 0.86  # of the ball that a toy fits into; the rest of the unit ball is left to its seams

Draw = Callable[[Number, Number], float]

_SEED = 2011


def toy(category: int, instance: int) -> Solid:
    """One of the fifty toys, centered at the origin, as large as a ball of `RADIUS` allows.

    Args:
        category: A position in `CLASSES`.
        instance: From 0 to 9.

    Returns:
        The toy; equal for equal arguments.
    """
    generator = torch.Generator().manual_seed(_SEED + 100 * category + instance)

    def draw(low: Number, high: Number) -> float:
        return low + (high - low) * torch.rand((), generator=generator).item()

    family, blend = _FAMILIES[category]
    return fitted(solid(family(draw), blend=blend), radius=RADIUS)


def _animal(draw: Draw) -> list[Part]:
    """Four legs, a body, a neck with a head, ears or horns, a tail."""
    length, girth, legs = draw(0.25, 0.8), draw(0.13, 0.38), draw(0.15, 0.9)
    back = legs + girth
    shoulder = (length, 0.0, back + 0.3 * girth)
    neck = _toward(shoulder, draw(0.1, 0.9), pitch=draw(5, 85))
    face = _toward(neck, draw(0.1, 0.45), pitch=draw(-60, 10))
    skull, thick = draw(0.1, 0.22), draw(0.06, 0.13)
    ear_length, ear_spread = draw(-0.1, 0.45), draw(0.05, 0.3)
    rump = (-length, 0.0, back + 0.2 * girth)
    tail = _toward(rump, draw(0.1, 0.8), pitch=draw(110, 215))
    parts = [
        Part(start=(-length, 0, back), end=(length, 0, back), radius=girth),
        Part(start=shoulder, end=neck, radius=draw(0.09, 0.16)),
        Part(start=neck, end=face, radius=skull),
        Part(start=rump, end=tail, radius=draw(0.05, 0.13)),
    ]
    for side in (-1, 1):
        root = (neck[0] - 0.05, side * 0.7 * skull, neck[2] + 0.7 * skull)
        tip = (root[0] - 0.1, root[1] + side * ear_spread, root[2] + ear_length)
        parts.append(Part(start=root, end=tip, radius=0.045))
        for end in (-1, 1):
            hip = (end * length, side * 0.6 * girth, back)
            foot = (end * length + draw(-0.2, 0.2), side * 0.75 * girth, thick)
            parts.append(Part(start=hip, end=foot, radius=thick))
    return parts


def _human(draw: Draw) -> list[Part]:
    """A head with or without a hat, a trunk, jointed arms and legs, perhaps a stick."""
    hip, chest, build = draw(0.65, 1.05), draw(0.4, 0.65), draw(0.1, 0.3)
    lean, limb = draw(-0.15, 0.4), draw(0.06, 0.11)
    neck = (lean, 0.0, hip + chest)
    head = (lean + 0.04, 0.0, hip + chest + 0.27)
    parts = [
        Part(start=(0, 0, hip), end=neck, width=build, height=0.02, radius=draw(0.1, 0.16)),
        Part(start=neck, end=head, radius=0.08),
        Part(start=head, end=head, radius=draw(0.14, 0.24)),
    ]
    if draw(0, 1) < 0.5:
        brim = (head[0], 0.0, head[2] + 0.12)
        wide = draw(0.1, 0.2)
        parts.append(_brick(brim, (wide, wide, 0.01), radius=0.04))
    for side in (-1, 1):
        shoulder = (lean, side * (build + 0.12), hip + chest - 0.03)
        elbow = _toward(shoulder, 0.3, pitch=draw(-110, 40), yaw=side * draw(0, 100))
        hand = _toward(elbow, 0.3, pitch=draw(-80, 80), yaw=side * draw(-30, 90))
        parts.append(Part(start=shoulder, end=elbow, radius=limb))
        parts.append(Part(start=elbow, end=hand, radius=0.9 * limb))
        knee = _toward((0, side * 0.8 * build, hip), hip / 2, pitch=-90 + draw(-20, 60))
        foot = (knee[0] + draw(-0.4, 0.1), side * (build + draw(0, 0.25)), 0.06)
        parts.append(Part(start=(0, side * 0.8 * build, hip), end=knee, radius=1.3 * limb))
        parts.append(Part(start=knee, end=foot, radius=1.1 * limb))
        parts.append(Part(start=foot, end=(foot[0] + 0.2, foot[1], 0.06), radius=0.07))
    if draw(0, 1) < 0.5:
        reach = draw(0.3, 0.6)
        start, end = _toward(hand, reach, pitch=draw(-20, 90)), _toward(hand, -0.2, pitch=30)
        parts.append(Part(start=start, end=end, radius=0.045))
    return parts


def _airplane(draw: Draw) -> list[Part]:
    """A fuselage, swept wings (one pair or two), a tail, and two engines, four or none."""
    girth, span, chord = draw(0.08, 0.24), draw(0.5, 1.25), draw(0.08, 0.3)
    sweep, root, level = draw(-0.2, 0.8), draw(-0.2, 0.4), draw(-0.8, 1.2) * girth
    tail, fin, high = draw(0.2, 0.5), draw(0.15, 0.5), draw(0, 1)
    engines, two_decks, lift = int(draw(0, 3)), draw(0, 1) < 0.25, draw(0, 0.15)
    rise = girth + fin if high > 0.7 else 0.1  # the tailplane, at the top of the fin or low
    decks = (level, level + 0.4) if two_decks else (level,)
    parts = [
        Part(start=(-1, 0, 0.2 * girth), end=(1 - girth, 0, 0), radius=girth),
        Part(start=(0.55, 0, 0.6 * girth), end=(0.75, 0, 0.5 * girth), radius=0.8 * girth),
        Part(start=(-0.9, 0, 0), end=(-1.1, 0, girth + fin), height=0.1, radius=0.035),
    ]
    for side in (-1, 1):
        for deck in decks:
            tip = (root - sweep, side * span, deck + lift)
            parts.append(_slab((root, 0, deck), tip, chord))
        parts.append(_slab((-0.95, 0, rise), (-1 - 0.3 * sweep, side * tail, rise), 0.1))
        for number in range(engines):
            y = (0.35 + 0.3 * number) * span
            x = root - sweep * y / span + 0.6 * chord
            pod = ((x - 0.2, side * y, level - 0.1), (x + 0.15, side * y, level - 0.1))
            parts.append(Part(start=pod[0], end=pod[1], radius=0.08))
    return parts


def _truck(draw: Draw) -> list[Part]:
    """A high cab, with or without a hood, and a load: a box, a flat bed, a tank or a tipper."""
    wide, wheel, cab = draw(0.22, 0.42), draw(0.11, 0.22), draw(0.2, 0.48)
    deck = 1.7 * wheel
    hood, depth, nose = draw(0, 1) < 0.5, draw(0.1, 0.25), draw(0.4, 1.0)
    cab_x = nose - depth - (0.28 if hood else 0)
    parts = [
        _brick(((nose - 1) / 2, 0, deck), ((nose + 0.9) / 2, 0.7 * wide, 0.02), radius=0.05),
        _brick((cab_x, 0, deck + cab), (depth, wide, cab), radius=0.05),
        *_load(draw, deck=deck, front=cab_x - depth - draw(0.1, 0.2), wide=wide),
    ]
    if hood:
        parts.append(_brick((nose - 0.2, 0, deck + 0.17), (0.18, 0.85 * wide, 0.15), radius=0.05))
    axles = (nose - 0.28, -0.75, -0.35) if draw(0, 1) < 0.5 else (nose - 0.28, -0.65)
    return parts + [_axle(x, wheel, wide) for x in axles]


def _load(draw: Draw, *, deck: float, front: float, wide: float) -> list[Part]:
    """What a truck carries, behind `front`."""
    middle, half, tall = (front - 1) / 2, (front + 1) / 2, draw(0.15, 0.5)
    kind = int(draw(0, 4))
    if kind == 0:
        return [_brick((middle, 0, deck + tall), (half, wide, tall), radius=0.04)]
    if kind == 1:
        low = deck + 0.12
        rails = [_brick((middle, s * wide, low), (half, 0.01, 0.1), radius=0.04) for s in (-1, 1)]
        return [*rails, _brick((-1, 0, low), (0.01, wide, 0.1), radius=0.04)]
    if kind == 2:
        height = deck + wide + 0.05
        ends = (-1 + 0.6 * wide, 0, height), (front - 0.6 * wide, 0, height)
        return [Part(start=ends[0], end=ends[1], radius=wide)]
    lift = draw(0.15, 0.5)
    start, end = (-1.0, 0, deck + 0.25), (front - 0.05, 0, deck + 0.25 + lift)
    return [Part(start=start, end=end, width=wide, height=0.15, radius=0.06)]


def _car(draw: Draw) -> list[Part]:
    """A low body with a cabin on it (or only a windshield), four wheels, perhaps a spoiler."""
    wide, wheel, body = draw(0.3, 0.48), draw(0.14, 0.26), draw(0.06, 0.2)
    soft, belt = draw(0.06, 0.12), 1.1 * wheel + draw(0.05, 0.1)
    top, length = belt + body + soft, draw(0.6, 1.05)
    front, rear = draw(0.1, 0.6) * length, draw(-0.95, -0.2) * length
    roof = draw(0.08, 0.32)
    parts = [
        _brick((0, 0, belt), (length - soft, wide - soft, body), radius=soft),
        _axle(0.62 * length, wheel, wide),
        _axle(-0.62 * length, wheel, wide),
    ]
    if draw(0, 1) < 0.2:
        edge = (front - 0.1, 0.0, top + 0.18)
        parts.append(Part(start=(front, 0, top), end=edge, width=0.8 * wide, radius=0.03))
    else:
        middle, half = (front + rear) / 2, (front - rear) / 2
        cabin = (half, 0.72 * wide, roof)
        parts.append(_brick((middle, 0, top + 0.5 * roof), cabin, radius=draw(0.06, 0.12)))
    if draw(0, 1) < 0.2:
        fin = (-length + 0.05, 0.0, top + 0.12)
        parts.append(_brick(fin, (0.05, 0.9 * wide, 0.01), radius=0.03))
    return parts


def _toward(start: Point, length: Number, *, pitch: Number, yaw: Number = 0) -> Point:
    """The point at some distance, up by `pitch` and to the left by `yaw` [degrees]."""
    up, left = math.radians(pitch), math.radians(yaw)
    level = length * math.cos(up)
    return (
        start[0] + level * math.cos(left),
        start[1] + level * math.sin(left),
        start[2] + length * math.sin(up),
    )


def _brick(center: Point, half: Point, *, radius: float) -> Part:
    """A box with upright sides."""
    x, y, z = center
    start, end = (x - half[0], y, z), (x + half[0], y, z)
    return Part(start=start, end=end, width=half[1], height=half[2], radius=radius)


def _slab(root: Point, tip: Point, chord: float) -> Part:
    """A flat wing."""
    return Part(start=root, end=tip, width=chord, radius=0.035)


def _axle(x: float, wheel: float, wide: float) -> Part:
    """Two wheels in one: a capsule across, whose ends stand out at the sides."""
    reach = wide - 0.5 * wheel
    return Part(start=(x, -reach, wheel), end=(x, reach, wheel), radius=wheel)


_FAMILIES = ((_animal, 0.05), (_human, 0.03), (_airplane, 0.02), (_truck, 0.015), (_car, 0.02))
