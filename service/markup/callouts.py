"""Callouts (`> [!warning]- Title`, help.obsidian.md/callouts) in safe HTML."""

import re

from turbohtml import Element, Text

CALLOUT_TYPES = frozenset(
    """
    note abstract summary tldr info todo tip hint important success check done question help faq warning
    caution attention failure fail missing danger error bug example quote cite
    """.split()
)
"""The types of callouts; others are text, as on GitHub."""

_KIND = re.compile(r"[\w-]+")


def render_callouts(tree: Element) -> None:
    """Turn the callouts that comrak wrote into `<aside class="callout callout-tip" role="note">`.

    The title is `<p class="callout-title"><strong>Tip</strong></p>`. Those that fold become `<details>`.
    """
    for callout in tree.find_all("div", attrs={"data-callout": True}):
        kind = str(callout.attrs.pop("data-callout")).lower()
        fold = callout.attrs.pop("data-callout-fold", "none")
        folds = fold in {"collapsed", "expanded"}
        callout.attrs["class"] = f"callout callout-{kind if _KIND.fullmatch(kind) else 'note'}"
        callout.tag = "details" if folds else "aside"
        if folds:
            callout.attrs.update({"open": ""} if fold == "expanded" else {})
        else:
            callout.attrs["role"] = "note"
        for part in callout.children:
            if not isinstance(part, Element):
                continue
            _strip(part)
            if part.has_class("callout-content"):
                part.unwrap()
            elif part.has_class("callout-title"):
                part.tag = "summary" if folds else "p"
                part.wrap_children(Element("strong"))


def _strip(element: Element) -> None:
    """Remove the line ends within the tags of `element`."""
    for child in (element.children[:1], element.children[-1:]):
        for text in child:
            if isinstance(text, Text):
                text.data = text.data.strip("\n")
