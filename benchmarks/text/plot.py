"""A reliability plot as SVG, small enough to write by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

SIDE, EDGE = 300, 40
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")  # told apart by everybody


def draw_reliability(bins: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Draw for each quantity what was right over what was said; the area of a dot grows with n."""
    height = SIDE + 2 * EDGE + 18 * len(bins)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + 2 * EDGE} {height}"'
        ' font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="black"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="gray" stroke-dasharray="4"/>',
        f'<text x="{_x(0.5)}" y="{_y(0) + 32}" text-anchor="middle">said</text>',
        f'<text x="{EDGE - 32}" y="{_y(0.5)}">right</text>',
    ]
    for tick in (0, 0.5, 1):
        parts.append(f'<text x="{_x(tick)}" y="{_y(0) + 15}" text-anchor="middle">{tick}</text>')
        parts.append(f'<text x="{_x(0) - 5}" y="{_y(tick) + 4}" text-anchor="end">{tick}</text>')
    for place, (name, rows) in enumerate(bins.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = " ".join(f"{_x(row['mean'])},{_y(row['right'])}" for row in rows)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}"/>')
        total = sum(row["n"] for row in rows)
        for row in rows:
            radius = round(1.5 + 10 * (row["n"] / total) ** 0.5, 1)
            parts.append(
                f'<circle cx="{_x(row["mean"])}" cy="{_y(row["right"])}" r="{radius}" fill="{colour}"'
                f' fill-opacity=".5"><title>{row["n"]}</title></circle>'
            )
        y = SIDE + 2 * EDGE + 18 * place + 8
        parts.append(f'<text x="{EDGE}" y="{y}" fill="{colour}">{escape(name)}, n = {total}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _x(share: float) -> float:
    return round(EDGE + share * SIDE, 1)


def _y(share: float) -> float:
    return round(EDGE + (1 - share) * SIDE, 1)
