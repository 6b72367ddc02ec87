"""What the well-known tags of templates mean, as HTML; each is known under the names of several engines."""

import html
import re
from collections.abc import Callable

from service.content.shortcodes.tag_arguments import Arguments, quoted
from service.content.shortcodes.text_tags import abbreviation, boxed, inline, label, unfolding

Meaning = Callable[[str, Arguments, bool], str]

_SOURCES = ("src", "url", "image_path", "image", "path", "file", "filename", "source", "link_src")
_IMAGE_SUFFIX = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico)(?:[?#].*)?$", re.IGNORECASE)
_ID = re.compile(r"[\w-]{3,40}")


def meaning(name: str, arguments: Arguments, *, alone: bool) -> str | None:
    """What a tag stands for, or None for one nobody knows; `alone` says that it has its line to itself."""
    bare = re.sub(r"\.\w+$", "", name.rpartition("/")[2]).lower().replace("_", "-")
    known = _KNOWN.get(bare)
    if known:
        return known(name, arguments, alone)
    # A theme's own tag, such as `linked-figure.html`, says by a word of its name what it is.
    parts = [part for part in bare.split("-") if part]
    alike = next((_KNOWN[word] for word in _TELLING for part in parts if _is_alike(part, word)), None)
    meant = alike(name, arguments, alone) if alike else ""
    # Whatever it does with it, `{{< glossary_tooltip text="Pod" >}}` is read as its text.
    return meant or html.escape(arguments.get("text"), quote=False) or None


def _is_alike(part: str, word: str) -> bool:
    return part.startswith(word) or part.endswith(word)


def image(source: str, alt: str, caption: str, link: str, *, alone: bool) -> str:
    """A picture, as a figure where there is a caption and room for one."""
    picture = f"<img src={quoted(source)} alt={quoted(alt or caption)}>"
    if link:
        picture = f"<a href={quoted(link)}>{picture}</a>"
    if not caption:
        return picture
    if not alone:
        return f"{picture} <em>{caption}</em>"
    return f"\n<figure>\n{picture}\n<figcaption>\n\n{caption}\n\n</figcaption>\n</figure>\n"


def link(address: str, words: str = "") -> str:
    return f"<a href={quoted(address)}>{html.escape(words or _bare(address), quote=False)}</a>"


def _bare(address: str) -> str:
    """An address to read: without what would make Markdown a link of it once more."""
    return re.sub(r"^https?://(?:www\.)?", "", address)


def _figure(name: str, given: Arguments, alone: bool) -> str:
    del name
    pictured = [one for one in given.plain if _IMAGE_SUFFIX.search(one)]
    named = (one for one in given.quoted if "/" in one or "." in one)
    source = given.get(*_SOURCES) or next(iter(pictured), "") or next(named, "")
    if not source:
        return ""
    rest = [one for one in given.quoted if one != source]
    alt = given.get("alt") or (rest[0] if rest else "")
    caption = given.get("caption", "title", "description")
    if attribution := given.get("attr"):
        caption = f"{caption} {attribution}".strip()
    return image(source, alt, caption, given.get("link", "href", "target_url"), alone=alone)


def _asset_image(name: str, given: Arguments, alone: bool) -> str:
    """Hexo and Octopress: `img [class] src [width] [height] [title]`, `asset_img src title`."""
    del name
    words = list(given.plain)
    place = next((at for at, word in enumerate(words) if _IMAGE_SUFFIX.search(word) or "/" in word), 0)
    if given.get(*_SOURCES):
        return _figure("", given, alone)
    if not words:
        return ""
    rest = [word for word in words[place + 1 :] if not re.fullmatch(r"\d+(?:px|%)?|false|true", word)]
    return image(words[place], " ".join(rest), "", "", alone=alone)


def _hosted(address: str, *names: str) -> Meaning:
    def hosted(name: str, given: Arguments, alone: bool) -> str:
        del name, alone
        found = given.get(*names) or (given.plain[0] if given.plain else "")
        if found.startswith(("http://", "https://")):
            return link(found, given.get("title"))
        return link(address.format(found), given.get("title")) if _ID.fullmatch(found) else ""

    return hosted


def _tweet(name: str, given: Arguments, alone: bool) -> str:
    del name, alone
    number = given.get("id") or (given.plain[-1] if given.plain else "")
    if number.startswith(("http://", "https://")):
        return link(number)
    user = given.get("user") or (given.plain[0] if len(given.plain) > 1 else "i/web")
    return link(f"https://twitter.com/{user.lstrip('@')}/status/{number}") if number.isdigit() else ""


def _gist(name: str, given: Arguments, alone: bool) -> str:
    del name, alone
    words = [given.get("user"), given.get("id")] if given.named else given.plain[:2]
    path = "/".join(word for word in words if word and not word.endswith((".js", ".py", ".rb")))
    if path.startswith(("http://", "https://")):
        return link(path)
    return link(f"https://gist.github.com/{path}") if re.fullmatch(r"[\w./-]+", path) else ""


def _media(element: str) -> Meaning:
    def media(name: str, given: Arguments, alone: bool) -> str:
        hosted = _KNOWN.get(given.get("provider").lower())
        if hosted:
            return hosted(name, given, alone)
        source = given.first("src", "url", "path", "file", "mp4", "webm", "mp3", "webmpath")
        return f"<{element} src={quoted(source)} controls></{element}>" if source else ""

    return media


def _link_out(name: str, given: Arguments, alone: bool) -> str:
    del name, alone
    place = next((at for at, word in enumerate(given.plain) if re.match(r"https?://|/", word)), None)
    if place is None:
        address = given.get("url", "href", "link", "src")
        return link(address, given.get("text", "content", "title", "label")) if address else ""
    # Hexo's `link` has its words before the address, a button after it: `btn address, words, icon`.
    parts = [part.strip() for part in given.written.split(",")]
    after = given.quoted[-1:] if given.quoted != [given.plain[place]] else []
    words = " ".join(given.plain[:place]) or (parts[1] if len(parts) > 1 else "".join(after))
    return link(given.plain[place], words)


def _framed(name: str, given: Arguments, alone: bool) -> str:
    """What a page elsewhere shows in a frame, as a link to it."""
    del name, alone
    address = given.first("url", "src", "link", "href")
    address = f"https:{address}" if address.startswith("//") else address
    return link(address, given.get("title")) if address.startswith(("http://", "https://")) else ""


def _nothing(name: str, given: Arguments, alone: bool) -> str:
    """A tag that is for the template alone: what it wraps stays."""
    del name, given, alone
    return ""


_FIGURES = """
    figure img image picture image-with-class imgcap respimg responsive-image responsive-img imgproc postimage
    post-image photo fig lightbox custom-figure figure-image image-caption img-with-caption captioned-image
    imagecaption staticimage
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
_TELLING = ("youtube", "vimeo", "tweet", "twitter", "gist", "figure", "image", "img", "video", "audio")
_KNOWN: dict[str, Meaning] = {
    **dict.fromkeys(_FIGURES.split(), _figure),
    **dict.fromkeys(_WRAPPERS.split(), _nothing),
    **dict.fromkeys(_BOXES.split(), boxed),
    **dict.fromkeys(_UNFOLDING.split(), unfolding),
    **{name: inline(element) for name, element in _INLINE.items()},
    "abbr": abbreviation,
    "label": label,
    "asset-img": _asset_image,
    "img": _asset_image,
    "youtube": _hosted(
        "https://www.youtube.com/watch?v={}",
        "id",
        "videoid",
        "youtubeid",
        "video",
        "video_id",
        "url",
        "content",
    ),
    "vimeo": _hosted("https://vimeo.com/{}", "id", "videoid", "video", "url"),
    "instagram": _hosted("https://www.instagram.com/p/{}/", "id", "url"),
    "codepen": _hosted("https://codepen.io/pen/{}", "id", "url", "hash"),
    "speakerdeck": _hosted("https://speakerdeck.com/player/{}", "id", "url"),
    "tweet": _tweet,
    "twitter": _tweet,
    "x": _tweet,
    "gist": _gist,
    "video": _media("video"),
    "audio": _media("audio"),
    "podcast": _media("audio"),
    "url": _link_out,
    "btn": _link_out,
    "button": _link_out,
    "card": _link_out,
    **dict.fromkeys(("embed", "iframe", "oembed", "responsive-embed"), _framed),
    "bilibili": _hosted("https://www.bilibili.com/video/{}", "id", "bvid", "bv"),
    "linkbutton": _link_out,
}
for _name in ("youtube", "vimeo"):
    for _variant in ("-embed", "-player", "-lite", "-video", "embed", "video", "-id"):
        _KNOWN[f"{_name}{_variant}"] = _KNOWN[_name]
_KNOWN["lite-youtube"] = _KNOWN["liteyoutube"] = _KNOWN["yt"] = _KNOWN["youtube"]
