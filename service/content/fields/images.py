"""Pictures: the lead image of an article, and the sizes of pictures in the content folder.

Pages reserve the space of a picture with a size before it loads.
"""

import re
from typing import Any
from urllib.parse import unquote

import msgspec

from service.content.fields.field_reader import Fields, members
from service.content.fields.optional_fields import count
from service.content.files.dependencies import FileLookup
from service.content.files.site_files import SiteFiles
from service.content.front_matter.values import Entry, normal_key, written
from service.content.identity.slugs import before_query
from service.markup import FILES, SITE, folder_base
from service.model import Image

_IMAGES = tuple(
    """
    image featured_image feature_image featuredimage cover_image coverimage cover hero_image heroimage hero
    header_image banner thumbnail thumb og_image social_image img images
    """.split()
)
_IN_HEADER = ("image", "overlay_image", "teaser", "og_image", "cover", "cover_image", "thumbnail")
_ALTS = ("image_alt", "featured_image_alt", "feature_image_alt", "cover_alt", "thumbnail_alt", "alt")
_ADDRESSES = ("url", "src", "image", "path", "file", "publicurl", "filename", "feature", "href", "teaser")
# The keys of an image; a map with any other key is for a template.
_OURS = frozenset({"alt", "width", "height", "title"})
# Placeholders for the URL of the site in templates, Zola and Ghost.
_URL_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|^@/?|^__GHOST_URL__")
_FILE_SRC = f'src="{SITE}{FILES}'
_LARGEST_SIDE = 100_000
_PICTURE = re.compile(rf'<img((?:[^>"]|"[^"]*")*?\ssrc="{SITE}(/files/[^"]+)"(?:[^>"]|"[^"]*")*)>')
_SIZED = re.compile(r'\s(?:width|height)="')


def read_image(fields: Fields, lookup: FileLookup, files: SiteFiles) -> Image | None:
    """Read the lead image: a URL, or a map with `url`, `alt`, `width` and `height`; of several the first.

    An image in the content folder is measured.
    """
    entry = fields.take(*_IMAGES) or _image_in_header(fields)
    alt = fields.text(*_ALTS)
    value = entry.value[0] if entry and isinstance(entry.value, list) else entry.value if entry else None
    if entry is None or isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, dict):
        url = _image_url(fields, files, entry, value)
        return _with_size(Image(url=url, alt=alt), lookup) if url else None
    known = members(value)
    address = next((known[key] for key in _ADDRESSES if key in known), None)
    url = _image_url(fields, files, entry, address)
    if url is None:
        if address is None and normal_key(entry.name) == "image" and known.keys() <= _OURS:
            fields.drop_value(entry, "image must have a url")
        return None
    image = Image(
        url=url,
        alt=fields.as_text(entry, known.get("alt"), "image alt") or alt,
        width=count(fields, entry, known.get("width"), "image width"),
        height=count(fields, entry, known.get("height"), "image height"),
    )
    return _with_size(image, lookup)


def set_picture_sizes(html: str, path: str, lookup: FileLookup) -> str:
    """Safe HTML in which each picture of the folder has its width and height, in pixels.

    A picture that has either is unchanged. If there is none next to the article at `path`, the one in the
    folder of the same name is used: `a.md` and `a/1.png`, as in Hexo.
    """
    if _FILE_SRC not in html:
        return html
    return _PICTURE.sub(lambda match: _set_size(match, path, lookup), html)


def picture_size(reference: str, lookup: FileLookup) -> tuple[int, int] | None:
    """Width and height in pixels of a picture at `/files/…`, rotated as its EXIF says.

    None for a picture elsewhere, or one that cannot be read.
    """
    name = _file_name(reference)
    if not lookup.measure(name):
        return None
    import imagesize  # type: ignore[import-untyped]  # with it come HTTP and XML

    try:
        # Opened here, since the library would fetch a file whose name looks like a URL.
        with (lookup.root / name).open("rb") as opened:
            width, height = map(round, imagesize.get(opened, exif_rotation=True))
    except (OSError, ValueError, ArithmeticError):
        return None
    known = 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE
    return (width, height) if known else None


def _image_in_header(fields: Fields) -> Entry | None:
    """The picture one level down, where themes of Jekyll, Zola and Hugo keep what is for their templates."""
    for holder in fields.among(("header", "extra", "params")):
        inner = fields.peek(holder)
        known = members(inner) if isinstance(inner, dict) else {}
        address = next((known[name] for name in _IN_HEADER if isinstance(known.get(name), str)), None)
        if address:
            return Entry(holder, 1, address)
    return None


def _image_url(fields: Fields, files: SiteFiles, entry: Entry, value: Any) -> str | None:
    if isinstance(value, list | dict | bool) or value is None:
        return None
    address = written(value) or ""
    if "{" in address or address.startswith(("@", "_")):
        address = _URL_PLACEHOLDER.sub("", address)
    url = fields.as_reference(entry, address, entry.name)
    return url and files.resolve(url, address)


def _with_size(image: Image, lookup: FileLookup) -> Image:
    """`image` with its width and height, if it is in the folder and has neither."""
    if image.width or image.height or not image.url.startswith(FILES):
        return image
    size = picture_size(image.url, lookup)
    return msgspec.structs.replace(image, width=size[0], height=size[1]) if size else image


def _set_size(match: re.Match[str], path: str, lookup: FileLookup) -> str:
    attributes, reference = match.groups()
    if not lookup.has(_file_name(reference)):
        folder = folder_base(path)
        in_asset_folder = folder_base(f"{path.rpartition('.')[0]}/") + reference.removeprefix(folder)
        if not reference.startswith(folder) or not lookup.has(_file_name(in_asset_folder)):
            return match.group()
        attributes = attributes.replace(f"{SITE}{reference}", f"{SITE}{in_asset_folder}", 1)
        reference = in_asset_folder
    size = None if _SIZED.search(attributes) else picture_size(reference, lookup)
    return f'<img{attributes} width="{size[0]}" height="{size[1]}">' if size else f"<img{attributes}>"


def _file_name(reference: str) -> str:
    return unquote(before_query(reference).removeprefix(FILES))
