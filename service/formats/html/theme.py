"""The style sheet of pages, with the colours of the site."""

import colorsys
import re
from functools import lru_cache, partial

from service.formats.html.templates import asset_url, environment
from service.model import Site
from service.urls import Urls

DEFAULT_ACCENT = "#8a2d16"

# The background with the least contrast to the accent: the shaded surface of each scheme in `style.css`.
_LIGHT, _DARK = "#f4f1ea", "#25231f"
_CONTRAST = 4.6  # WCAG 2.2 §1.4.3 asks for 4.5
_STEPS = 50

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_BREAK = re.compile(r"\s*\n\s*")

_Colour = tuple[float, float, float]


@lru_cache(maxsize=32)
def stylesheet(site: Site, urls: Urls) -> str:
    """The content of the `style` element of every page of `site`."""
    accent = site.accent or DEFAULT_ACCENT
    sheet = environment(site.templates).get_template("style.css")
    text = sheet.render(
        site=site,
        accent=legible(accent, _LIGHT, 0.0),
        accent_in_dark=legible(accent, _DARK, 1.0),
        asset=partial(asset_url, site, urls),
    )
    return _LINE_BREAK.sub("\n", _COMMENT.sub("", text)).strip().replace("</", "<\\/")


def legible(colour: str, background: str, lightness: float) -> str:
    """`colour` (`#rrggbb`), moved towards `lightness` until its contrast with `background` is sufficient.

    `lightness` is 0 for black and 1 for white; hue and saturation are kept.
    """
    hue, light, saturation = colorsys.rgb_to_hls(*_parse_colour(colour))
    surface = _parse_colour(background)
    for step in range(_STEPS):
        moved = light + (lightness - light) * step / _STEPS
        candidate = _write_colour(colorsys.hls_to_rgb(hue, moved, saturation))
        if contrast(_parse_colour(candidate), surface) >= _CONTRAST:
            return candidate
    return _write_colour((lightness,) * 3)


def contrast(colour: _Colour, other: _Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    """The relative luminance (WCAG 2.2)."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def _parse_colour(colour: str) -> _Colour:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _write_colour(colour: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
