"""Converts the shortcodes of WordPress: known ones to what they show, others to their content."""

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from service.content.files.media_types import media_type
from service.content.shortcodes.delimiter_pairs import replace_pairs

_LANGUAGES = "code sourcecode php python bash css xml html sql js".split()
_CODE = re.compile(rf"\[({'|'.join(_LANGUAGES)})\b([^\[\]\n]*)\]")
_CODE_ENDS = {name: re.compile(rf"\[/{name}\]") for name in _LANGUAGES}
_OPENING = re.compile(r"\[([a-z][\w-]*)(\s[^\[\]\n]*|(?=\]))\]")
_NAME = re.compile(r"\[(/?)([a-z][\w-]*)")
_SINGLE = re.compile(
    r"\[([a-z][\w-]*+)((?:\s++[\w-]++\s*+=\s*+(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\]\"']++))++|\s*+)\s*+/?\]"
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\]\"']+))")
_PROTECTED = re.compile(r"<(pre|code)\b", re.IGNORECASE)
_PROTECTED_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("pre", "code")}
_ESCAPED = re.compile(r"\[\[[^\[\]]+\]\]")
_IMAGE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a\s*>)?)(.*)", re.DOTALL | re.IGNORECASE)
_WITHOUT_ATTRIBUTES = frozenset(
    """
    gallery audio video playlist contact-form contact-form-7 recaptcha archives sitemap blog_subscription_form
    jetpack-related-posts jetpack_subscription_form print_link polldaddy wpforms
    """.split()
)
_DEEPEST = 5
# Shortcodes that take a bare argument: `[youtube https://…]`, `[youtube=https://…&w=640]`, `[gist 4711]`.
_BARE_NAMES = (
    "audio|bandcamp|dailymotion|facebook|flickr|gist|googlemaps|googlevideo|instagram|kickstarter|poll|polldaddy"
    "|scribd|slideshare|soundcloud|spotify|ted|tweet|twitter|video|vimeo|wpvideo|youtube"
)
# The argument is an address or an id, so that "[video of the day]" stays a remark.
_BARE = re.compile(
    rf"\[({_BARE_NAMES})(?:[ \t]*=[ \t]*|[ \t]+)[\"']?(https?://[^\s\[\]\"']+|(?=[\w-]{{0,30}}\d)[\w-]{{4,30}})[\"']?"
    r"(?:[ \t]+[\w-]+=[^\s\[\]]+)*[ \t]*/?\]"
)
_SIZE = re.compile(r"&(?:amp;|#0?38;)?(?:w|h|width|height)=\d.*")
# Tags of page builders and plugins, which do not occur in prose, even if one of the pair is missing.
_CLOSING = re.compile(r"\[/([a-z][\w-]*)\]")
_OF_PLUGIN = re.compile(
    r"\[/?((?:(?:vc|et_pb|fusion|av|mk|ux|tve|wpv|wpcf|nggallery|mepr|pmpro|jetpack|print)[_-]|contact-form-)[\w-]+)"
    r"(?:\s[^\[\]\n]*)?\]"
)
_PICTURE_ATTRIBUTES = ("src", "image", "image_url", "img", "url", "link")
_LINK_ATTRIBUTES = ("link", "url", "href", "button_url", "button_link", "src")
_INLINE_TEXT = re.compile(r"[^\n<>]+")


class Upload(msgspec.Struct, frozen=True):
    """A file of WordPress's media library; `caption` is a line of plain text."""

    url: str
    alt: str | None = None
    caption: str | None = None


class Uploads(msgspec.Struct, frozen=True):
    """The media library by post id, and the files uploaded to each post, in their order."""

    files: Mapping[str, Upload] = {}
    of_posts: Mapping[str, tuple[Upload, ...]] = {}


class ResolvedText(msgspec.Struct, frozen=True):
    """The text without shortcodes, and how many of each could not be converted (`[pricing]`: 2)."""

    text: str
    dropped: dict[str, int]


def resolve_shortcodes(text: str, uploads: Uploads, post_id: str = "") -> ResolvedText:
    """`text` of the post with its shortcodes as HTML.

    Code keeps its brackets; `[[name]]` is WordPress's way to write a shortcode as text.
    """
    dropped: Counter[str] = Counter()
    if "[" not in text:
        return ResolvedText(text, dropped)
    text = replace_pairs(text, _CODE, lambda begin: _CODE_ENDS[begin[1]], _code)
    kept: list[str] = []

    def keep(part: str) -> str:
        kept.append(part)
        return f"\ue002{len(kept) - 1}\ue003"

    def convert(match: re.Match[str], content: str | None = None) -> str:
        return _convert(match, content, uploads, post_id, dropped)

    def drop(match: re.Match[str]) -> str:
        dropped[f"[{match[1]}]"] += 1
        return ""

    text = replace_pairs(
        text,
        _PROTECTED,
        lambda begin: _PROTECTED_ENDS[begin[1].lower()],
        lambda begin, inner, end: keep(f"{begin.group()}{inner}{end.group()}"),
    )
    text = _ESCAPED.sub(lambda match: keep(match.group()[1:-1]), text)
    for _ in range(_DEEPEST):
        replaced = _replace_innermost(text, convert)
        if replaced is None:
            break
        text = replaced
    text = _BARE.sub(lambda match: _convert_bare(match, dropped), text)
    text = _SINGLE.sub(convert, text)
    text = _OF_PLUGIN.sub(drop, text)
    # Any other closing may be a remark, such as "[/rant]".
    text = _CLOSING.sub(lambda match: "" if f"[{match[1]}]" in dropped else match.group(), text)
    text = re.sub("\ue002(\\d+)\ue003", lambda match: kept[int(match.group(1))], text)
    return ResolvedText(text, dropped)


def _convert_bare(match: re.Match[str], dropped: Counter[str]) -> str:
    """A shortcode whose argument has no name: an address or the id of a film is shown, else it is dropped."""
    name, argument = match.groups()
    address = _SIZE.sub("", argument)
    if name == "gist" and not address.startswith("http"):
        address = f"https://gist.github.com/{address}"
    shown = _link(name, {"src": address}, "")
    if shown is None:
        dropped[f"[{name}]"] += 1
    return shown or ""


def _replace_innermost(text: str, change: Callable[[re.Match[str], str], str]) -> str | None:
    """`text` with each shortcode changed that encloses text but none of its own name; None without such."""
    # For each opening the next closing of its name, where no other opening of that name comes first.
    closings: dict[int, re.Match[str]] = {}
    opened: dict[str, int] = {}
    for name in _NAME.finditer(text):
        if not name[1]:
            opened[name[2]] = name.start()
        elif text.startswith("]", name.end()) and name[2] in opened:
            closings[opened.pop(name[2])] = name
    parts: list[str] = []
    done = 0
    for begin in _OPENING.finditer(text):
        end = closings.get(begin.start())
        if end is None or begin.start() < done:
            continue
        parts += (text[done : begin.start()], change(begin, text[begin.end() : end.start()]))
        done = end.end() + 1
    return "".join((*parts, text[done:])) if done else None


def _convert(
    match: re.Match[str], content: str | None, uploads: Uploads, post_id: str, dropped: Counter[str]
) -> str:
    name = match.group(1)
    attributes = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(match.group(2) or "")}
    if content is None and not attributes and name not in _WITHOUT_ATTRIBUTES:
        return match.group()  # a word in brackets, such as [sic]
    if name in {"caption", "wp_caption"}:
        return _caption(attributes, content or "")
    shown: str | None = None
    if name in {"gallery", "playlist"}:
        shown = _show_uploads(name, attributes, uploads, post_id, dropped)
    elif name in {"embed", "youtube", "vimeo", "audio", "video", "tweet", "soundcloud"}:
        shown = _link(name, attributes, content or "")
    if shown is None:
        dropped[f"[{name}]"] += 1
        return _content_of_unknown(attributes, content or "")
    return shown


def _show_uploads(
    name: str, attributes: dict[str, str], uploads: Uploads, post_id: str, dropped: Counter[str]
) -> str | None:
    """The files that a gallery or a playlist names, else those uploaded to its post; None without any."""
    wanted = re.findall(r"\d+", attributes.get("ids", attributes.get("include", "")))
    hidden = {uploads.files.get(key) for key in re.findall(r"\d+", attributes.get("exclude", ""))}
    if wanted:
        files = [uploads.files[key] for key in wanted if key in uploads.files]
        missing = len(wanted) - len(files)
        if files and missing:
            dropped[f"files of [{name}] that the export lacks"] += missing
    else:
        files = list(uploads.of_posts.get(attributes.get("id", post_id), ()))
    if attributes.get("order", "").upper() == "DESC":
        files.reverse()
    kind = "image" if name == "gallery" else attributes.get("type", "audio")
    shown = [
        _show_upload(file, kind)
        for file in files
        if file not in hidden and media_type(file.url).startswith(f"{kind}/")
    ]
    return "".join(shown) or None


def _show_upload(file: Upload, kind: str) -> str:
    url, alt = html.escape(file.url), html.escape(file.alt or "")
    element = (
        f'<img src="{url}" alt="{alt}">' if kind == "image" else f'<{kind} src="{url}" controls></{kind}>'
    )
    if file.caption:
        caption = html.escape(file.caption, quote=False)
        return f"\n\n<figure>{element}<figcaption>{caption}</figcaption></figure>\n\n"
    return f"\n\n<p>{element}</p>\n\n"


def _content_of_unknown(attributes: dict[str, str], content: str) -> str:
    """The content of an unknown shortcode, with the picture and the address that its attributes name."""
    named = {key: html.escape(html.unescape(value)) for key, value in attributes.items()}
    addresses = {key: value for key, value in named.items() if value.startswith(("http://", "https://", "/"))}
    pictures = {
        key: addresses[key]
        for key in _PICTURE_ATTRIBUTES
        if key in addresses and media_type(addresses[key]).startswith("image/")
    }
    link = next(
        (addresses[key] for key in _LINK_ATTRIBUTES if key in addresses and key not in pictures), None
    )
    picture = "".join(
        f'\n\n<p><img src="{address}" alt="{named.get("alt", "")}"></p>\n\n' for address in pictures.values()
    )
    if link and not content.strip():
        content = f'\n\n<p><a href="{link}">{named.get("title") or link}</a></p>\n\n'
    elif link and _INLINE_TEXT.fullmatch(content.strip()):
        content = f'<a href="{link}">{content.strip()}</a>'
    return picture + content


def _caption(attributes: dict[str, str], content: str) -> str:
    """`[caption caption="…"]<img>[/caption]`, or the caption after the image."""
    match = _IMAGE.fullmatch(content)
    image, words = match.groups() if match else (content, "")
    caption = attributes.get("caption") or words.strip()
    return f"\n\n<figure>{image}<figcaption>{caption}</figcaption></figure>\n\n" if caption else image


def _link(name: str, attributes: dict[str, str], content: str) -> str | None:
    """Embedded media becomes a player or a link; "" if it has no address."""
    sources = [
        attributes[key]
        for key in ("src", "url", "mp3", "m4a", "mp4", "ogg", "wav", "webm", "id")
        if attributes.get(key)
    ]
    address = next(iter([content.strip(), *sources] if content.strip() else sources), "")
    if name in {"youtube", "vimeo"} and re.fullmatch(r"[\w-]{5,20}", address):
        host = "www.youtube.com/watch?v=" if name == "youtube" else "vimeo.com/"
        address = f"https://{host}{address}"
    if not address.startswith(("http://", "https://", "/")):
        return None
    safe = html.escape(html.unescape(address))
    if name in {"audio", "video"}:
        return f'\n\n<{name} src="{safe}" controls></{name}>\n\n'
    return f'\n\n<p><a href="{safe}">{safe}</a></p>\n\n'


def _code(begin: re.Match[str], inner: str, _: re.Match[str]) -> str:
    attributes = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(begin[2])}
    name = attributes.get(
        "language", attributes.get("lang", "" if begin[1] in {"code", "sourcecode"} else begin[1])
    )
    language = f' class="language-{html.escape(name)}"' if name else ""
    # An export contains code as typed in the editor, sometimes already escaped.
    text = html.escape(html.unescape(inner).strip("\n"), quote=False)
    return f"\n\n<pre><code{language}>{text}</code></pre>\n\n"
