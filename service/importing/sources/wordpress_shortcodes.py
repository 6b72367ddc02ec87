"""WordPress's shortcodes in a text: the well-known ones become what they mean, others leave their content."""

import html
import re
from collections.abc import Callable, Mapping

import msgspec

from service.content.shortcodes.delimiter_pairs import replace_pairs
from service.importing.item import NoteKind

_LANGUAGES = "code sourcecode php python bash css xml html sql js".split()  # noqa: SIM905 - a table of words
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
_WITHOUT_ATTRIBUTES = frozenset({"gallery", "audio", "video", "playlist", "contact-form-7", "recaptcha"})
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


class ResolvedText(msgspec.Struct, frozen=True):
    """The text without shortcodes, and what was done with those nobody knows."""

    text: str
    notes: tuple[tuple[NoteKind, str], ...]


def resolve_shortcodes(text: str, files: Mapping[str, str], attached: tuple[str, ...] = ()) -> ResolvedText:
    """`text` with its shortcodes as HTML; `files` are the addresses of attachments by post id.

    `attached` are those of the pictures uploaded to the post, which `[gallery]` shows where it names none.

    Code keeps its brackets; `[[name]]` is WordPress's way to write a shortcode as text.
    """
    if "[" not in text:
        return ResolvedText(text, ())
    unknown: dict[str, int] = {}
    text = replace_pairs(text, _CODE, lambda begin: _CODE_ENDS[begin[1]], _code)
    kept: list[str] = []

    def keep(part: str) -> str:
        kept.append(part)
        return f"\ue002{len(kept) - 1}\ue003"

    text = replace_pairs(
        text,
        _PROTECTED,
        lambda begin: _PROTECTED_ENDS[begin[1].lower()],
        lambda begin, inner, end: keep(f"{begin.group()}{inner}{end.group()}"),
    )
    text = _ESCAPED.sub(lambda match: keep(match.group()[1:-1]), text)
    for _ in range(_DEEPEST):
        replaced = _replace_innermost(
            text, lambda begin, inner: _convert(begin, inner, files, attached, unknown)
        )
        if replaced is None:
            break
        text = replaced
    text = _BARE.sub(lambda match: _convert_bare(match, unknown), text)
    text = _SINGLE.sub(lambda match: _convert(match, None, files, attached, unknown), text)
    text = re.sub("\ue002(\\d+)\ue003", lambda match: kept[int(match.group(1))], text)
    names = ", ".join(f"[{name}] {count}×" for name, count in sorted(unknown.items()))
    return ResolvedText(
        text, (("cut", f"shortcodes nobody knows, their content kept: {names}"),) if names else ()
    )


def _convert_bare(match: re.Match[str], unknown: dict[str, int]) -> str:
    """A shortcode whose argument has no name: an address or the id of a film is shown, else it is unknown."""
    name, argument = match.groups()
    address = _SIZE.sub("", argument)
    shown = _link(name, {"src": address}, "")
    if shown is None:
        unknown[name] = unknown.get(name, 0) + 1
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
    match: re.Match[str],
    content: str | None,
    files: Mapping[str, str],
    attached: tuple[str, ...],
    unknown: dict[str, int],
) -> str:
    name = match.group(1)
    attributes = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(match.group(2) or "")}
    if content is None and not attributes and name not in _WITHOUT_ATTRIBUTES:
        return match.group()  # a word in brackets, such as [sic]
    converted = _convert_known(name, attributes, content or "", files, attached)
    if converted is None:
        unknown[name] = unknown.get(name, 0) + 1
        return content or ""
    return converted


def _convert_known(
    name: str, attributes: dict[str, str], content: str, files: Mapping[str, str], attached: tuple[str, ...]
) -> str | None:
    if name in {"caption", "wp_caption"}:
        return _caption(attributes, content)
    if name == "gallery":
        wanted = re.findall(r"\d+", attributes.get("ids", attributes.get("include", "")))
        hidden = {files.get(key) for key in re.findall(r"\d+", attributes.get("exclude", ""))}
        addresses = [files[key] for key in wanted if key in files] if wanted else list(attached)
        shown = "".join(
            f'\n\n<p><img src="{html.escape(url)}" alt=""></p>\n\n' for url in addresses if url not in hidden
        )
        return shown or None
    if name in {"embed", "youtube", "vimeo", "audio", "video", "tweet", "soundcloud"}:
        return _link(name, attributes, content)
    return None


def _caption(attributes: dict[str, str], content: str) -> str:
    """`[caption caption="…"]<img>[/caption]`, or the caption after the image."""
    match = _IMAGE.fullmatch(content)
    image, words = match.groups() if match else (content, "")
    caption = attributes.get("caption") or words.strip()
    return f"\n\n<figure>{image}<figcaption>{caption}</figcaption></figure>\n\n" if caption else image


def _link(name: str, attributes: dict[str, str], content: str) -> str | None:
    """What plays elsewhere becomes a player or a link; nothing where no address is told."""
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
    # An export holds code as typed in the editor: sometimes escaped already.
    text = html.escape(html.unescape(inner).strip("\n"), quote=False)
    return f"\n\n<pre><code{language}>{text}</code></pre>\n\n"
