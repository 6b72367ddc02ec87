"""Posts of a Tumblr export: pages with their time and tags at the end of the text."""

import html
import re

import msgspec

_FOOTER = re.compile(
    r"""<div id=["']footer["']>\s*<span id=["']timestamp["']>([^<>]{0,100})</span>"""
    r"""((?:\s*<span class=["']tag["']>[^<>]*</span>)*)\s*</div>"""
)
_TAG = re.compile(r"""class=["']tag["']>([^<>]*)</span>""")


class TumblrPost(msgspec.Struct, frozen=True):
    """The page of a post without its footer, and the time and tags that this has."""

    page: str
    published: str
    tags: tuple[str, ...]


def read_tumblr_post(page: str) -> TumblrPost | None:
    """The post of Tumblr in `page`; None for any other page."""
    footers = list(_FOOTER.finditer(page)) if 'id="timestamp"' in page or "id='timestamp'" in page else []
    if not footers:
        return None
    footer = footers[-1]
    names = (html.unescape(name).strip() for name in _TAG.findall(footer[2]))
    without = page[: footer.start()] + page[footer.end() :]
    return TumblrPost(without, html.unescape(footer[1]).strip(), tuple(filter(None, names)))
