"""HTML that comrak writes of Markdown in which nobody wrote HTML: made safe without being parsed.

In its safe mode comrak leaves out what was written as HTML, escapes all text, and writes few tags, each in
one form and well nested. Where it wrote none but these, there is nothing to sanitise: only references are to
be marked, and some attributes to be dropped. Everything else is left to `sanitise`, and where both know an
answer it is the same to the byte (tests/test_markup_written.py).
"""

import re

from service.markup.characters import drop_illegal
from service.markup.depth import FEW_TAGS, flatten
from service.markup.marks import SELF
from service.markup.references import mark

# comrak escapes `>` in attributes, so this finds whole tags.
_TAG = re.compile("(<[^>]*>)")
_BARE_NAMES = """
    p em strong del code h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table thead tbody tr th td sup section
"""
_ALIGNED = (f'<{cell} align="{side}">' for cell in ("th", "td") for side in ("left", "center", "right"))
_UNCHANGED = {f"<{slash}{name}>" for name in _BARE_NAMES.split() for slash in ("", "/")} | {"</a>", *_ALIGNED}
_KNOWN = {tag: tag for tag in _UNCHANGED} | {
    "<br />": "<br>",
    "<hr />": "<hr>",
    '<sup class="footnote-ref">': "<sup>",
    '<section class="footnotes" data-footnotes>': "<section>",
}
_NUMBERED = re.compile(
    r'<(?:ol start="[0-9]{1,9}"|li id="fn-[\w-]+"|code class="language-[\w+#.,-]+")>', re.ASCII
)
_LINK = re.compile(r'(<a href=")([^"]+)((?:" title="[^"]*)?">)')
_IMAGE = re.compile(r'(<img src=")([^"]+)(" alt="[^"]*(?:" title="[^"]*)?") />')
_TO_NOTE = re.compile(r'<a href="(#fn-[\w-]+" id="fnref-[\w-]+") data-footnote-ref>', re.ASCII)
_FROM_NOTE = re.compile(
    r'<a href="(#fnref-[\w-]+") class="footnote-backref" data-footnote-backref'
    r' data-footnote-backref-idx="[\w-]+" aria-label="Back to reference [\w-]+">',
    re.ASCII,
)
# References that every parser reads alike: no user, no port, a host that is no number and no punycode.
_ABSOLUTE = re.compile(
    r"https?://(?!\S*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?:[/?#]|\Z)|mailto:[a-z0-9]", re.IGNORECASE
)
_RELATIVE = re.compile(r"[/?#.]|[^:]*\Z")
# Stands for a quotation mark in an attribute while those in text are unescaped.
_QUOTE = "\x03"


def safe_as_written(html: str, base: str) -> str | None:
    """What `sanitise` makes of HTML that comrak wrote in its safe mode; None where only that can tell."""
    html = drop_illegal(html)
    if "\r" in html or _has_link_in_link(html):
        return None
    pieces = _TAG.split(html)
    if len(pieces) > FEW_TAGS and flatten(html) != html:
        return None
    known = _KNOWN.copy()
    for tag in set(pieces[1::2]) - _KNOWN.keys():
        safe = _marked(tag, base)
        if safe is None:
            return None
        known[tag] = safe
    pieces[1::2] = [known[tag] for tag in pieces[1::2]]
    html = "".join(pieces).replace("&quot;", '"').replace(_QUOTE, "&quot;")
    return html.replace("\xa0", "&nbsp;").strip()


def _has_link_in_link(html: str) -> bool:
    """Whether there is what comrak nests and HTML does not: a parser would end the outer link there."""
    return any("</a>" not in piece for piece in html.split("<a ")[1:])


def _marked(tag: str, base: str) -> str | None:
    """A tag with attributes as safe HTML has it; None for one in no known form."""
    if _NUMBERED.fullmatch(tag):
        return tag
    if found := _LINK.fullmatch(tag) or _IMAGE.fullmatch(tag):
        opening, written, more = found.groups()
        reference = _reference(written, base)
        closing = "" if more.endswith(">") else ">"
        return f"{opening}{reference}{more.replace('&quot;', _QUOTE)}{closing}" if reference else None
    if found := _TO_NOTE.fullmatch(tag) or _FROM_NOTE.fullmatch(tag):
        return f'<a href="{SELF}{found.group(1)}>'
    return None


def _reference(written: str, base: str) -> str | None:
    """A reference as it stands in safe HTML; comrak has escaped `&` and `'`, and percent-encoded the rest."""
    written = written.replace("&#x27;", "'")
    if "&#" in written:
        return None
    if _ABSOLUTE.match(written):
        return written
    reference = written.replace("&amp;", "&")
    marked = mark(reference, base) if _RELATIVE.match(reference) else None
    return marked and marked.replace("&", "&amp;")
