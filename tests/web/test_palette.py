"""The colours of the style sheet against one another (WCAG 1.4.3, 1.4.11), chart cells included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

Colour = tuple[int, int, int]

VARIABLE = re.compile(r"--([\w-]+):(?:light-dark\((#\w+),(#\w+)\)|(#\w+))")
OPACITY = re.compile(r"\.chart \.l(\d)\{fill-opacity:([.\d]+)\}")


def colour(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(c * 2 for c in text[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(value: Colour) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [c / 255 for c in value]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: Colour, b: Colour) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def over(front: Colour, back: Colour, opacity: float) -> Colour:
    r, g, b = (round(x * opacity + y * (1 - opacity)) for x, y in zip(front, back, strict=True))
    return r, g, b


@pytest.fixture(scope="module")
def css(root: Path) -> str:
    return (root / "search_app/static/site.css").read_text("utf-8")


@pytest.fixture(params=["light", "dark", "contrast"])
def palette(css: str, request: pytest.FixtureRequest) -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    base = css[css.index(":root{") : css.index("}")]
    for name, light, dark, both in VARIABLE.findall(base):
        found[name] = colour(both or (light if request.param == "light" else dark))
    if request.param == "contrast":
        own = css[css.index("[data-theme=contrast]{") :]
        found |= {n: colour(v) for n, _, _, v in VARIABLE.findall(own[: own.index("}")]) if v}
    return found


TEXT = [("ink", "paper"), ("ink", "surface"), ("ink", "tint"), ("ink", "warm-tint"),
        ("soft", "paper"), ("soft", "surface"), ("soft", "sunk"), ("soft", "tint"),
        ("accent", "paper"), ("accent", "surface"), ("accent", "tint"), ("accent", "warm-tint"),
        ("on-accent", "accent"), ("on-mark", "mark"), ("warm", "paper"), ("warm", "surface"),
        ("warm", "warm-tint"), ("bad", "paper")]  # fmt: skip
PARTS = [("edge", "paper"), ("edge", "surface"), ("focus", "paper"), ("focus", "surface"),
         ("focus", "tint"), ("accent", "paper"), ("warm", "warm-tint")]  # fmt: skip


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(palette: dict[str, Colour], front: str, back: str) -> None:
    assert contrast(palette[front], palette[back]) >= 4.5


@pytest.mark.parametrize(("front", "back"), PARTS)
def test_controls_and_focus_can_be_seen(palette: dict[str, Colour], front: str, back: str) -> None:
    assert contrast(palette[front], palette[back]) >= 3


def test_numbers_in_cells_can_be_read(palette: dict[str, Colour], css: str) -> None:
    shades = {level: float(opacity) for level, opacity in OPACITY.findall(css)}
    assert sorted(shades) == ["1", "2", "3", "4", "5"]
    for level, opacity in [*shades.items(), ("6", 1.0)]:
        text = palette["on-accent" if f".chart text.x{level}" in css else "ink"]
        assert contrast(text, over(palette["accent"], palette["paper"], opacity)) >= 4.5, level
