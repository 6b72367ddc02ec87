"""The well-known tags of templates as HTML; each is known under the names of several generators."""

import html
import re
from collections.abc import Callable

from service.content.shortcodes.template_tags.tag import TemplateTag, quote_attribute
from service.content.shortcodes.template_tags.text_tags import (
    inline_renderer,
    render_abbreviation,
    render_admonition,
    render_label,
    render_section_title,
)

Renderer = Callable[[TemplateTag], str]

_SOURCES = ("src", "url", "image_path", "image", "path", "file", "filename", "source", "link_src")
_IMAGE_SUFFIX = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico)(?:[?#].*)?$", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_ID = re.compile(r"[\w-]{3,40}")


def render_tag(tag: TemplateTag) -> str | None:
    """The HTML of a tag, "" for one that only serves the template; None for an unknown tag."""
    name = re.sub(r"\.\w+$", "", tag.name.rpartition("/")[2]).lower().replace("_", "-")
    if render := _RENDERERS.get(name):
        return render(tag)
    # A theme's own tag, such as `linked-figure.html`, has the name of a known one in its own.
    parts = [part for part in name.split("-") if part]
    similar = next((known for known in _PART_NAMES for part in parts if _is_similar(part, known)), None)
    rendered = _RENDERERS[similar](tag) if similar else ""
    # Any other tag with a text is read as this text: `{{< glossary_tooltip text="Pod" >}}`.
    return rendered or html.escape(tag.get("text"), quote=False) or None


def _is_similar(part: str, name: str) -> bool:
    return part.startswith(name) or part.endswith(name)


def render_image(source: str, alt: str, caption: str, link: str, *, alone: bool) -> str:
    """An image, as a figure if it has a caption and a line of its own."""
    picture = f"<img src={quote_attribute(source)} alt={quote_attribute(alt or _without_marks(caption))}>"
    if link:
        picture = f"<a href={quote_attribute(link)}>{picture}</a>"
    if not caption:
        return picture
    if not alone:
        return f"{picture} <em>{caption}</em>"
    return f"\n<figure>\n{picture}\n<figcaption>\n\n{caption}\n\n</figcaption>\n</figure>\n"


def _without_marks(text: str) -> str:
    """The words of a caption in Markdown: those of its links, without marks of emphasis."""
    return re.sub(r"(\*\*|__|[*_])(\S(?:[^*_]*\S)?)\1", r"\2", _LINK.sub(r"\1", text))


def render_link(address: str, text: str = "") -> str:
    shown = html.escape(html.unescape(text or _shorten(address)), quote=False)
    return f"<a href={quote_attribute(address)}>{shown}</a>"


def _shorten(address: str) -> str:
    """An address to read, without the start by which Markdown would link it again."""
    return re.sub(r"^https?://(?:www\.)?", "", address)


def _render_figure(tag: TemplateTag) -> str:
    images = [text for text in tag.positional if _IMAGE_SUFFIX.search(text)]
    paths = (text for text in tag.quoted if "/" in text or "." in text)
    source = tag.get(*_SOURCES) or next(iter(images), "") or next(paths, "")
    if not source:
        return ""
    rest = [text for text in tag.quoted if text != source]
    alt = tag.get("alt") or (rest[0] if rest else "")
    if tag.name == "resize_image" and not source.startswith(("/", "@", "http:", "https:")):
        source = f"@/{source}"  # Zola looks for it from the root of the site
    caption = tag.get("caption", "title", "description")
    if attribution := tag.get("attr"):
        caption = f"{caption} {attribution}".strip()
    return render_image(source, alt, caption, tag.get("link", "href", "target_url"), alone=tag.alone)


def _render_asset_image(tag: TemplateTag) -> str:
    """Hexo and Octopress: `img [class] src [width] [height] [title]`, `asset_img src title`."""
    words = list(tag.positional)
    index = next((index for index, word in enumerate(words) if _IMAGE_SUFFIX.search(word) or "/" in word), 0)
    if tag.get(*_SOURCES):
        return _render_figure(tag)
    if not words:
        return ""
    rest = [word for word in words[index + 1 :] if not re.fullmatch(r"\d+(?:px|%)?|false|true", word)]
    return render_image(words[index], " ".join(rest), "", "", alone=tag.alone)


def _hosted_renderer(address: str, *names: str) -> Renderer:
    def hosted(tag: TemplateTag) -> str:
        address_or_id = tag.first(*names)
        if address_or_id.startswith(("http://", "https://")):
            return render_link(address_or_id, tag.get("title"))
        is_id = _ID.fullmatch(address_or_id)
        return render_link(address.format(address_or_id), tag.get("title")) if is_id else ""

    return hosted


def _render_tweet(tag: TemplateTag) -> str:
    number = tag.get("id") or (tag.positional[-1] if tag.positional else "")
    if number.startswith(("http://", "https://")):
        return render_link(number)
    user = tag.get("user") or (tag.positional[0] if len(tag.positional) > 1 else "i/web")
    return render_link(f"https://twitter.com/{user.lstrip('@')}/status/{number}") if number.isdigit() else ""


def _render_gist(tag: TemplateTag) -> str:
    words = [tag.get("user"), tag.get("id")] if tag.named else tag.positional[:2]
    path = "/".join(word for word in words if word and not word.endswith((".js", ".py", ".rb")))
    if path.startswith(("http://", "https://")):
        return render_link(path)
    return render_link(f"https://gist.github.com/{path}") if re.fullmatch(r"[\w./-]+", path) else ""


def _media_renderer(element: str) -> Renderer:
    def media(tag: TemplateTag) -> str:
        provider = tag.get("provider").lower()
        if provider in _RENDERERS and provider not in _MEDIA:
            return _RENDERERS[provider](tag)
        source = tag.first("src", "url", "path", "file", "mp4", "webm", "mp3", "webmpath")
        return f"<{element} src={quote_attribute(source)} controls></{element}>" if source else ""

    return media


def _render_outbound_link(tag: TemplateTag) -> str:
    index = next((index for index, word in enumerate(tag.positional) if re.match(r"https?://|/", word)), None)
    if index is None:
        address = tag.get("url", "href", "link", "src")
        return render_link(address, tag.get("text", "content", "title", "label")) if address else ""
    # Hexo's `link` has its text before the address, a button after it: `btn address, text, icon`.
    parts = [part.strip() for part in tag.arguments.split(",")]
    after = tag.quoted[-1:] if tag.quoted != [tag.positional[index]] else []
    words = " ".join(tag.positional[:index]) or (parts[1] if len(parts) > 1 else "".join(after))
    return render_link(tag.positional[index], words)


def _render_frame(tag: TemplateTag) -> str:
    """A frame with another page, as a link to that page."""
    address = tag.first("url", "src", "link", "href")
    address = f"https:{address}" if address.startswith("//") else address
    return render_link(address, tag.get("title")) if address.startswith(("http://", "https://")) else ""


def _render_nothing(_tag: TemplateTag) -> str:
    """A tag that serves only the template; the text it encloses stays."""
    return ""


_FIGURES = """
    figure img image picture image-with-class imgcap respimg responsive-image responsive-img imgproc postimage
    post-image photo fig lightbox custom-figure figure-image image-caption img-with-caption captioned-image
    imagecaption staticimage thumbnail
"""
_WRAPPERS = """
    raw rawhtml html unsafe quote blockquote endblockquote pullquote cq centerquote center align left right
    tabs tabpane columns column row div markdown hint steps cards timeline
    highlighttext lead button-group gallery table aside endraw toc more excerpt break br hr comment
"""
_BOXES = "note noteblock notice warning info tip important caution danger success alert callout admonition"
_UNFOLDING = """
    details expand expander tab tabitem collapse collapsible spoiler accordion folding fold hidetoggle
    hideblock
"""
_INLINE = {
    **{element: element for element in ("del", "ins", "kbd", "mark", "p", "s", "span", "sub", "sup", "u")},
    "emp": "em",
    "wavy": "u",
    "checkbox": "span",
    "radio": "span",
}
_MEDIA = {"video": "video", "audio": "audio", "podcast": "audio"}
_PART_NAMES = ("youtube", "vimeo", "tweet", "twitter", "gist", "figure", "image", "img", "video", "audio")
_RENDERERS: dict[str, Renderer] = {
    **dict.fromkeys(_FIGURES.split(), _render_figure),
    **dict.fromkeys(_WRAPPERS.split(), _render_nothing),
    **dict.fromkeys(_BOXES.split(), render_admonition),
    **dict.fromkeys(_UNFOLDING.split(), render_section_title),
    **{name: inline_renderer(element) for name, element in _INLINE.items()},
    "abbr": render_abbreviation,
    "label": render_label,
    "asset-img": _render_asset_image,
    "img": _render_asset_image,
    "youtube": _hosted_renderer(
        "https://www.youtube.com/watch?v={}",
        "id",
        "videoid",
        "youtubeid",
        "video",
        "video_id",
        "url",
        "content",
    ),
    "vimeo": _hosted_renderer("https://vimeo.com/{}", "id", "videoid", "video", "url"),
    "instagram": _hosted_renderer("https://www.instagram.com/p/{}/", "id", "url"),
    "codepen": _hosted_renderer("https://codepen.io/pen/{}", "id", "url", "hash"),
    "speakerdeck": _hosted_renderer("https://speakerdeck.com/player/{}", "id", "url"),
    "tweet": _render_tweet,
    "twitter": _render_tweet,
    "x": _render_tweet,
    "gist": _render_gist,
    **{name: _media_renderer(element) for name, element in _MEDIA.items()},
    "url": _render_outbound_link,
    "btn": _render_outbound_link,
    "button": _render_outbound_link,
    "card": _render_outbound_link,
    **dict.fromkeys(("embed", "iframe", "oembed", "responsive-embed", "media"), _render_frame),
    "bilibili": _hosted_renderer("https://www.bilibili.com/video/{}", "id", "bvid", "bv"),
    "linkbutton": _render_outbound_link,
}
for _name in ("youtube", "vimeo"):
    for _variant in ("-embed", "-player", "-lite", "-video", "embed", "video", "-id"):
        _RENDERERS[f"{_name}{_variant}"] = _RENDERERS[_name]
_RENDERERS["lite-youtube"] = _RENDERERS["liteyoutube"] = _RENDERERS["yt"] = _RENDERERS["youtube"]
