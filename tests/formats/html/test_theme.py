"""The accent colour of a site is legible, whichever it chooses."""

import re

import pytest

from service.formats.assets import FEED_STYLE
from service.formats.html.theme import contrast, legible, stylesheet
from service.model import Site, Template
from tests.support.sample_site import URLS

COLOURS = ("#000000", "#ffffff", "#8a2d16", "#ffff00", "#00ff00", "#0000ff", "#777777", "#fdfcfa", "#123456")


def parsed(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def variables(sheet: str, scheme: int) -> dict[str, str]:
    """The colours of the light (0) or the dark (1) scheme."""
    pairs = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", sheet.split(":root {")[1 + scheme])
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:]) for name, value in pairs
    }


def test_contrast_ratio_of_wcag() -> None:
    assert contrast(parsed("#000000"), parsed("#ffffff")) == pytest.approx(21)
    assert contrast(parsed("#777777"), parsed("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(parsed("#8a2d16"), parsed("#8a2d16")) == 1


@pytest.mark.parametrize("accent", [None, *COLOURS])
@pytest.mark.parametrize("scheme", [0, 1])
def test_accent_has_enough_contrast_in_both_schemes(accent: str | None, scheme: int) -> None:
    colours = variables(stylesheet(Site(accent=accent), URLS), scheme)

    for ground in ("paper", "shade"):
        for text in ("ink", "quiet", "accent"):
            assert contrast(parsed(colours[text]), parsed(colours[ground])) >= 4.5, (text, ground)
        # The edge of a field is no text, but must be seen (WCAG 2.2 §1.4.11).
    assert contrast(parsed(colours["edge"]), parsed(colours["paper"])) >= 3
    assert contrast(parsed(colours["on-accent"]), parsed(colours["accent"])) >= 4.5
    assert contrast(parsed(colours["ink"]), parsed(colours["mark"])) >= 4.5


def test_legible_colour_is_unchanged() -> None:
    assert legible("#8a2d16", "#ffffff", 0.0) == "#8a2d16"


def test_style_sheet_cannot_end_its_element() -> None:
    sheet = stylesheet(
        Site(templates=(Template("site.css", 'p::after { content: "</style><script>" }'),)), URLS
    )

    assert "</" not in sheet


@pytest.mark.parametrize("scheme", [0, 1])
def test_feed_style_has_enough_contrast_in_both_schemes(scheme: int) -> None:
    """Where axe cannot look: what is generated before XML is in no document."""
    colours = variables(FEED_STYLE.body.decode(), scheme)

    for text, ground in (("ink", "paper"), ("quiet", "paper"), ("ink", "card")):
        assert contrast(parsed(colours[text]), parsed(colours[ground])) >= 4.5, (text, ground)
