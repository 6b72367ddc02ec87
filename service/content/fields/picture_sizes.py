"""The sizes of pictures in the content folder, so that pages reserve their space before they load."""

import re
from urllib.parse import unquote

import imagesize  # type: ignore[import-untyped]
import msgspec

from service.content.discovery.file_dependencies import FileLookup
from service.content.identity.slugs import before_query
from service.markup import SITE, folder_base
from service.model import Image

_FILES = "/files/"
_BESIDE = f'src="{SITE}{_FILES}'
_LARGEST_SIDE = 100_000
_PICTURE = re.compile(rf'<img((?:[^>"]|"[^"]*")*?\ssrc="{SITE}(/files/[^"]+)"(?:[^>"]|"[^"]*")*)>')
_SIZED = re.compile(r'\s(?:width|height)="')


def sized_in_html(html: str, path: str, lookup: FileLookup) -> str:
    """Safe HTML in which each picture of the folder has its width and height, in pixels.

    A picture that has either is unchanged. If there is none next to the article at `path`, the one in the
    folder of the same name is used: `a.md` and `a/1.png`, as in Hexo.
    """
    if _BESIDE not in html:
        return html
    return _PICTURE.sub(lambda match: _sized(match, path, lookup), html)


def sized(image: Image, lookup: FileLookup) -> Image:
    """`image` with its width and height, if it is in the folder and has neither."""
    if image.width or image.height or not image.url.startswith(_FILES):
        return image
    size = size_of(image.url, lookup)
    return msgspec.structs.replace(image, width=size[0], height=size[1]) if size else image


def size_of(reference: str, lookup: FileLookup) -> tuple[int, int] | None:
    """Width and height in pixels of a picture at `/files/…`, rotated as its EXIF says.

    None for a picture elsewhere, or one that cannot be read.
    """
    name = _name(reference)
    if not lookup.measure(name):
        return None
    try:
        # Opened here: the library would fetch a file whose name looks like a URL.
        with (lookup.root / name).open("rb") as opened:
            width, height = map(round, imagesize.get(opened, exif_rotation=True))
    except (OSError, ValueError, ArithmeticError):
        return None
    known = 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE
    return (width, height) if known else None


def _sized(match: re.Match[str], path: str, lookup: FileLookup) -> str:
    attributes, reference = match.groups()
    if not lookup.has(_name(reference)):
        folder = folder_base(path)
        kept = folder_base(f"{path.rpartition('.')[0]}/") + reference.removeprefix(folder)
        if not reference.startswith(folder) or not lookup.has(_name(kept)):
            return match.group()
        attributes, reference = attributes.replace(f"{SITE}{reference}", f"{SITE}{kept}", 1), kept
    found = None if _SIZED.search(attributes) else size_of(reference, lookup)
    return f'<img{attributes} width="{found[0]}" height="{found[1]}">' if found else f"<img{attributes}>"


def _name(reference: str) -> str:
    return unquote(before_query(reference).removeprefix(_FILES))
