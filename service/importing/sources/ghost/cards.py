"""Ghost's editors' own formats as HTML: Lexical (since 5.0) and Mobiledoc 0.3 (1.0 to 4.x)."""

from collections import Counter
from html import escape
from typing import Any

from service.content.front_matter.values import as_items
from service.importing.parsing.json_values import as_map, as_text
from service.markup import render

_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"))
_BLOCKS = {
    "paragraph": "p",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "aside": "blockquote",
    "listitem": "li",
}
_LAST_DEPTH = 60

Rendered = tuple[str, Counter[str]]
"""The HTML, and how many cards of each kind were dropped."""


def lexical_html(document: dict[str, Any]) -> Rendered:
    dropped: Counter[str] = Counter()
    root = as_map(document.get("root"))
    html = "\n".join(_node(as_map(node), dropped, 0) for node in as_items(root.get("children")))
    return html, dropped


def mobiledoc_html(document: dict[str, Any]) -> Rendered:
    """Sections are [1, tag, markers], [2, src], [3, tag, items] and [10, card] (Mobiledoc 0.3.1)."""
    dropped: Counter[str] = Counter()
    blocks = []
    for section in as_items(document.get("sections")):
        kind, *rest = as_items(section) or [None]
        if kind == 1 and len(rest) == 2:
            blocks.append(_element(rest[0], _markers(rest[1], document)))
        elif kind == 2 and rest:
            blocks.append(_card("image", {"src": rest[0]}, dropped))
        elif kind == 3 and len(rest) == 2:
            items = "".join(f"<li>{_markers(item, document)}</li>" for item in as_items(rest[1]))
            blocks.append(_element(rest[0], items))
        elif kind == 10 and rest:
            name, payload = [*as_items(_at(document.get("cards"), rest[0])), None, None][:2]
            blocks.append(_card(str(name), as_map(payload), dropped))
    return "\n".join(blocks), dropped


def _node(node: dict[str, Any], dropped: Counter[str], depth: int) -> str:
    kind = as_text(node.get("type")) or ""
    if kind in {"text", "extended-text"}:
        return _formatted(node)
    if kind == "linebreak":
        return "<br>"
    if "children" not in node:
        return _card(kind, node, dropped)
    if depth > _LAST_DEPTH:
        return ""
    inner = "".join(_node(as_map(child), dropped, depth + 1) for child in as_items(node.get("children")))
    if kind in {"link", "autolink"}:
        return f'<a href="{escape(as_text(node.get("url")) or "")}">{inner}</a>'
    if kind in {"heading", "extended-heading", "list"}:
        default = "ul" if kind == "list" else "h2"
        return _element(node.get("tag") or default, inner)
    return _element(_BLOCKS.get(kind, "div"), inner)


def _formatted(node: dict[str, Any]) -> str:
    text = escape(str(node.get("text") or ""), quote=False)
    bits = node.get("format")
    for bit, tag in _FORMATS:
        if isinstance(bits, int) and bits & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _markers(markers: Any, document: dict[str, Any]) -> str:
    """Markers are [0, opened markups, how many close, text], or [1, …, atom] (a line break)."""
    html, stack = "", []
    for marker in as_items(markers):
        kind, opened, closed, value = [*as_items(marker), None, None, None, None][:4]
        for index in as_items(opened):
            name, attributes = [*as_items(_at(document.get("markups"), index)), None, None][:2]
            names_and_values = as_items(attributes)
            pairs = "".join(
                f' {k}="{escape(str(v))}"'
                for k, v in zip(names_and_values[::2], names_and_values[1::2], strict=False)
            )
            html += f"<{name}{pairs}>"
            stack.append(name)
        html += escape(str(value or ""), quote=False) if kind == 0 else "<br>"
        for _ in range(min(closed if isinstance(closed, int) else 0, len(stack))):
            html += f"</{stack.pop()}>"
    return html + "".join(f"</{name}>" for name in reversed(stack))


def _card(kind: str, card: dict[str, Any], dropped: Counter[str]) -> str:
    """A card as HTML; one without content, and an unknown one, is counted."""
    text = {key: as_text(card.get(key)) or "" for key in _CARD_KEYS}
    caption = f"<figcaption>{text['caption']}</figcaption>" if text["caption"] else ""
    if kind in {"image", "card-image"}:
        image = f'<img src="{escape(text["src"])}" alt="{escape(text["alt"])}">'
        return f"<figure>{image}{caption}</figure>" if caption else f"<p>{image}</p>"
    if kind == "gallery":
        images = [as_map(image) for image in as_items(card.get("images"))]
        return "".join(_card("image", image, dropped) for image in images) + (
            f"<p>{text['caption']}</p>" if caption else ""
        )
    if kind in {"markdown", "card-markdown"}:
        return render(text["markdown"], "markdown", "/").html.replace("\x01", "").replace("\x02", "")
    if kind in {"codeblock", "code"}:
        language = f' class="language-{escape(text["language"])}"' if text["language"] else ""
        return f"<pre><code{language}>{escape(str(card.get('code') or ''), quote=False)}</code></pre>"
    if kind in {"bookmark", "embed", "audio", "video", "file"}:
        return _played(kind, card, text, caption)
    if kind in {"horizontalrule", "hr"}:
        return "<hr>"
    if kind in {"html", "callout", "toggle", "header"}:
        parts = (
            _first_of(card, "calloutText", "heading", "header"),
            _first_of(card, "content", "subheading", "subheader"),
        )
        return text["html"] or "".join(f"<p>{part}</p>" for part in parts if part)
    if kind in {"button", "product", "call-to-action"}:
        return _offer(card)
    if kind != "paywall":  # a mark in the text: what follows it is for members
        dropped[f"card {kind or '?'}"] += 1
    return ""


_CARD_KEYS = tuple("src alt caption html markdown language url title content fileName fileTitle".split())


def _first_of(card: dict[str, Any], *names: str) -> str:
    return next(filter(None, (as_text(card.get(name)) for name in names)), "")


def _offer(card: dict[str, Any]) -> str:
    """A button, a product or a call to action: its image, its text and its link."""
    picture = escape(_first_of(card, "productImageSrc", "imageUrl"))
    address = escape(_first_of(card, "buttonUrl", "productUrl"))
    words = _first_of(card, "buttonText", "productButton") or address
    parts = [
        f'<img src="{picture}" alt="">' if picture else "",
        _first_of(card, "productTitle"),
        _first_of(card, "productDescription", "textValue"),
        f'<a href="{address}">{escape(words, quote=False)}</a>' if address else "",
    ]
    return "".join(
        f"<div>{part}</div>" if part.startswith("<p") else f"<p>{part}</p>" for part in parts if part
    )


def _played(kind: str, card: dict[str, Any], text: dict[str, str], caption: str) -> str:
    address = escape(text["url"] or text["src"])
    if kind == "embed" and text["html"]:
        return f"<figure>{text['html']}{caption}</figure>" if caption else text["html"]
    if kind in {"audio", "video"}:
        return f'<figure><{kind} src="{address}" controls></{kind}>{caption}</figure>'
    words = (
        as_text(as_map(card.get("metadata")).get("title")) or text["title"] or text["fileTitle"] or address
    )
    return f'<p><a href="{address}">{escape(words, quote=False)}</a></p>'


def _element(tag: Any, inner: str) -> str:
    name = tag if isinstance(tag, str) and tag.isalnum() else "p"
    return f"<{name}>{inner}</{name}>"


def _at(values: Any, index: Any) -> Any:
    known = as_items(values)
    return known[index] if isinstance(index, int) and 0 <= index < len(known) else None
