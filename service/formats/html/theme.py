"""What pages look like: the one stylesheet, with the colours of the site."""

import colorsys
import re
from functools import lru_cache

from service.formats.html.templates import environment
from service.model import Site

DEFAULT_ACCENT = "#8a2d16"

# What the accent is read on, at its least favourable: the shaded surface of each scheme in `style.css`.
_LIGHT, _DARK = "#f4f1ea", "#25231f"
_CONTRAST = 4.6  # WCAG 2.2 §1.4.3 asks for 4.5
_STEPS = 50

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_BREAK = re.compile(r"\s*\n\s*")

_Colour = tuple[float, float, float]


@lru_cache(maxsize=8)
def stylesheet(site: Site) -> str:
    """The text that stands in the `style` element of every page of `site`."""
    accent = site.accent or DEFAULT_ACCENT
    sheet = environment(site.templates).get_template("style.css")
    text = sheet.render(
        site=site, accent=legible(accent, _LIGHT, 0.0), accent_in_dark=legible(accent, _DARK, 1.0)
    )
    return _LINE_BREAK.sub("\n", _COMMENT.sub("", text)).strip().replace("</", "<\\/")


def legible(colour: str, ground: str, lightness: float) -> str:
    """`colour` (`#rrggbb`), its lightness moved towards `lightness` until text on `ground` can be read.

    `lightness` is 0 for black and 1 for white; hue and saturation stay.
    """
    hue, light, saturation = colorsys.rgb_to_hls(*_parsed(colour))
    surface = _parsed(ground)
    for step in range(_STEPS):
        moved = light + (lightness - light) * step / _STEPS
        found = _written(colorsys.hls_to_rgb(hue, moved, saturation))
        if contrast(_parsed(found), surface) >= _CONTRAST:
            return found
    return _written((lightness,) * 3)


def contrast(one: _Colour, other: _Colour) -> float:
    """How far two colours are apart, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def _parsed(colour: str) -> _Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(colour: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
