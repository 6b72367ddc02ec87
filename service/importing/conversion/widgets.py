"""Removes what only works on the old site from the HTML of an item: controls, buttons, tracking pictures."""

import re
from collections import Counter
from html import escape

from turbohtml import Element, parse_fragment

_TRACKING_PICTURE = re.compile(
    r"<img\b(?=[^<>]*\swidth\s*=\s*[\"']?[01](?:px)?[\"'\s/>])"
    r"(?=[^<>]*\sheight\s*=\s*[\"']?[01](?:px)?[\"'\s/>])[^<>]*>",
    re.IGNORECASE,
)
_WIDGETS = {
    "sharing buttons": ".sharedaddy, .addtoany_share_save_container, .feedflare, .heateor_sss_container",
    "lists of related posts": ".jp-relatedposts, .yarpp-related",
    "subscription forms": ".kg-signup-card, .wp-block-jetpack-subscriptions, .subscription-widget-wrap",
    "cards for e-mail": ".kg-email-card, .kg-email-cta-card",
}
"""Widgets that are removed and counted, with selectors: of WordPress, FeedBurner, Ghost and Substack."""

# Parts of Ghost's cards: controls of players, icons, the size and duration of a file.
_CARD_CONTROLS = """
    button svg input .kg-audio-thumbnail .kg-audio-player .kg-video-overlay .kg-video-player-container
    .kg-bookmark-metadata .kg-bookmark-thumbnail .kg-file-card-metadata .kg-file-card-icon .kg-callout-emoji
"""
_CONTROLS = ", ".join(f".kg-card {part}" for part in _CARD_CONTROLS.split())
_MARKS = tuple({match for selector in _WIDGETS.values() for match in re.findall(r"[\w-]{5,}", selector)})


def remove_widgets(html: str) -> tuple[str, Counter[str]]:
    """`html` without the widgets of the old site, and how many were removed by kind."""
    dropped: Counter[str] = Counter()
    if "<img" in html.lower():
        html, dropped["tracking pictures"] = _TRACKING_PICTURE.subn("", html)
    if "kg-card" in html or any(mark in html for mark in _MARKS):
        fragment = parse_fragment(html)
        for kind, selector in _WIDGETS.items():
            for element in fragment.select(selector):
                dropped[kind] += 1
                element.decompose()
        for element in fragment.select(_CONTROLS):
            element.decompose()
        for link in fragment.select("a.kg-bookmark-container, a.kg-file-card-container"):
            _simplify_link(link)
        for title in fragment.select(".kg-audio-title, .kg-toggle-heading-text"):
            title.replace_with(parse_fragment(f"<p><strong>{_escaped_text(title)}</strong></p>"))
        for media in fragment.select(".kg-audio-card audio, .kg-video-card video"):
            media.attrs["controls"] = ""
            if "spacer" in str(media.attrs.get("poster") or ""):
                del media.attrs["poster"]
        html = fragment.inner_html
    return html, +dropped


def _simplify_link(link: Element) -> None:
    """Replace a link around a whole card with a link of its title, and the description."""
    title = next(iter(link.select(".kg-bookmark-title, .kg-file-card-title")), link)
    descriptions = "".join(f"<br>{_escaped_text(part)}" for part in link.select(".kg-bookmark-description"))
    address = escape(str(link.attrs.get("href") or ""))
    link.replace_with(parse_fragment(f'<p><a href="{address}">{_escaped_text(title)}</a>{descriptions}</p>'))


def _escaped_text(element: Element) -> str:
    return escape(" ".join(element.text.split()), quote=False)
