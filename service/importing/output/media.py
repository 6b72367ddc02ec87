"""Copies files that articles show from their old site out of a folder of downloaded uploads.

A file belongs to an address when the path of one is the end of the path of the other: `2019/01/a.jpg` of
the folder to `https://old.example/wp-content/uploads/2019/01/a.jpg`.
"""

import hashlib
import html
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec

from service.content.files.kinds import SUFFIXES
from service.importing.item import ImportedItem
from service.markup import FILES, resolve
from service.model import Article

FOLDER = "media"
"""Where copied files go, below the folder of articles."""

_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_REFERENCE = re.compile(
    r"(?P<before>\s(?P<name>src|href|poster|data-src|data-lazy-src|srcset|data-srcset)\s*=\s*)"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))",
    re.IGNORECASE,
)
# The destination of a link or image in Markdown; an address in code or text is kept.
_MARKDOWN_ADDRESS = re.compile(
    r"(?:(?<=\]\()|(?<=\]\(<)|(?<=\]:\s)|(?<=<)|(?<==\")|(?<=='))https?://[^\s<>\"'()\[\]]+"
)
_RELATIVE = re.compile(
    r"\]\((?!https?:|#|mailto:|/files/)|\b(?:src|href)\s*=\s*[\"']?(?!https?:|#|mailto:|/files/)"
)
_SHOWN = re.compile(r"<(?:img|video|audio|source)\b[^<>]*?\ssrc=\"(https?://[^\"]+)\"")
# Names of smaller versions of a picture by WordPress, Ghost and Blogger; the original replaces them.
_SIZES = (
    (re.compile(r"-\d+x\d+(?=\.\w+$)"), ""),
    (re.compile(r"(?<=/)size/w\d+(?:h\d+)?/"), ""),
    (re.compile(r"-scaled(?=\.\w+$)"), ""),
)


class ItemWithCopies(msgspec.Struct, frozen=True):
    """The item with references to copied files, and each copy: its path, and the file it is made of."""

    item: ImportedItem
    copies: tuple[tuple[str, Path], ...] = ()


class MediaFolder:
    """The files below `root` by the end of their paths, without symbolic links, hidden files and articles."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._by_name: dict[str, list[tuple[str, ...]]] = {}
        self._taken: dict[tuple[str, ...], str] = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in names:
                file = Path(folder, name)
                is_hidden = name.startswith(".") or file.is_symlink() or not os.access(file, os.R_OK)
                if is_hidden or name.lower().endswith(SUFFIXES):
                    continue
                parts = file.relative_to(root).parts
                self._by_name.setdefault(_normalise(name), []).append(parts)

    def find(self, address: str) -> Path | None:
        """The one file that belongs to an absolute address or path; None where there is none, or several."""
        path = _path(address)
        if not path:
            return None
        paths = [path, *(size.sub(to, path) for size, to in _SIZES if size.search(path))]
        for candidate in paths:
            parts = tuple(part for part in candidate.split("/") if part)
            matches = (
                [file for file in self._by_name.get(parts[-1], []) if _ends_alike(file, parts)]
                if parts
                else []
            )
            best = max(map(len, matches), default=0)
            matches = [file for file in matches if len(file) == best]
            if len(matches) == 1 and self._take(matches[0], candidate):
                return self.root.joinpath(*matches[0])
        return None

    def _take(self, parts: tuple[str, ...], path: str) -> bool:
        """Whether the file may be used for `path`: a name without a folder is used for one address only."""
        return len(parts) > 1 or self._taken.setdefault(parts, path) == path


def use_local_files(item: ImportedItem, media: MediaFolder, to: Path) -> ItemWithCopies:
    """`item` with every file it shows or offers that `media` has, to be copied below the folder `to`."""
    copies: dict[str, Path] = {}

    def local(address: str | None) -> str | None:
        is_elsewhere = (
            address and address.startswith(("http://", "https://", "/")) and not address.startswith(FILES)
        )
        file = media.find(address) if address and is_elsewhere else None
        if file is None:
            return None
        path = _free_path(to, f"{FOLDER}/{file.relative_to(media.root).as_posix()}", file)
        copies[path] = file
        return FILES + quote(path)

    text, base = replace_references(item, local)
    image = item.image and msgspec.structs.replace(item.image, url=local(item.image.url) or item.image.url)
    attachments = tuple(
        msgspec.structs.replace(attachment, url=local(attachment.url) or attachment.url)
        for attachment in item.attachments
    )
    changed = msgspec.structs.replace(item, text=text, base=base, image=image, attachments=attachments)
    return ItemWithCopies(changed if copies else item, tuple(copies.items()))


def remote_files(article: Article) -> tuple[str, ...]:
    """The addresses of pictures, sound and films that the article shows from other sites."""
    shown = [html.unescape(address) for address in _SHOWN.findall(article.content_html)]
    offered = [
        article.image.url if article.image else "",
        *(attachment.url for attachment in article.attachments),
    ]
    remote = (address for address in [*shown, *offered] if address.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(remote))


def replace_references(item: ImportedItem, local: Callable[[str | None], str | None]) -> tuple[str, str]:
    """The text of an item with local references, and what its other references are relative to.

    `local` is given an absolute address, and returns None to keep it.
    """
    if item.format == "markdown":
        is_bound = item.base.startswith(("http://", "https://"))
        if is_bound and _RELATIVE.search(item.text):
            return item.text, item.base
        text = _MARKDOWN_ADDRESS.sub(lambda match: local(match.group()) or match.group(), item.text)
        return text, "" if is_bound else item.base

    def reference(match: re.Match[str]) -> str:
        quoted = next(match[name] for name in ("double", "single", "bare") if match[name] is not None)
        written = html.unescape(quoted)
        if match["name"].lower().endswith("srcset"):
            written = ", ".join(
                new_address(*candidate.split(None, 1))
                for candidate in re.split(r",\s+", written)
                if candidate.strip()
            )
        else:
            written = new_address(written)
        return f'{match["before"]}"{html.escape(written)}"'

    def new_address(address: str, size: str = "") -> str:
        absolute = resolve(address, item.base)
        return f"{local(absolute) or absolute or address} {size}".rstrip()

    return _TAG.sub(lambda tag: _REFERENCE.sub(reference, tag.group()), item.text), FILES


def _path(address: str) -> str:
    """The path of an address, decoded; of the inner address if an image proxy contains one."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    _, inner, rest = path.rpartition("https%3A%2F%2F")
    return _normalise(unquote(rest if inner else path))


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _ends_alike(file: tuple[str, ...], address: tuple[str, ...]) -> bool:
    """Whether one path is a suffix of the other."""
    shared = min(len(file), len(address))
    return tuple(map(_normalise, file[-shared:])) == address[-shared:]


def _free_path(to: Path, path: str, file: Path) -> str:
    """`path`, with a hash in its name if another file has that path."""
    there = to / path
    if not there.exists() or (there.is_file() and there.read_bytes() == file.read_bytes()):
        return path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}-{digest}{dot}{suffix}" if dot else f"{path}-{digest}"
