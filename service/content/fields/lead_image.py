"""The lead image of an article, from any of its usual keys."""

import re
from typing import Any

from service.content.discovery.file_dependencies import FileLookup
from service.content.discovery.site_files import SiteFiles
from service.content.fields.field_reader import Fields, members
from service.content.fields.optional_fields import count
from service.content.fields.picture_sizes import sized
from service.content.parsing.values import Entry, normal_key, written
from service.model import Image

_IMAGES = (
    "image",
    "featured_image",
    "feature_image",
    "featuredimage",
    "cover_image",
    "coverimage",
    "cover",
    "hero_image",
    "heroimage",
    "hero",
    "header_image",
    "banner",
    "thumbnail",
    "thumb",
    "og_image",
    "social_image",
    "img",
    "images",
)
_IN_HEADER = ("image", "overlay_image", "teaser", "og_image", "cover", "cover_image", "thumbnail")
_ALTS = ("image_alt", "featured_image_alt", "feature_image_alt", "cover_alt", "thumbnail_alt", "alt")
_ADDRESSES = ("url", "src", "image", "path", "file", "publicurl", "filename", "feature", "href", "teaser")
# The keys of an image; a map with any other key is for a template.
_OURS = frozenset({"alt", "width", "height", "title"})
# Placeholders of templates, Zola and Ghost for the URL of the site.
_NO_ADDRESS = re.compile(r"\{\{[^{}]*\}\}|^@/?|^__GHOST_URL__")


def read_image(fields: Fields, lookup: FileLookup, files: SiteFiles) -> Image | None:
    """Read the lead image: a URL, or a map with `url`, `alt`, `width` and `height`; of several the first.

    An image in the content folder is measured.
    """
    entry = fields.take(*_IMAGES) or _in_header(fields)
    alt = fields.text(*_ALTS)
    value = entry.value[0] if entry and isinstance(entry.value, list) else entry.value if entry else None
    if entry is None or isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, dict):
        url = _picture(fields, files, entry, value)
        return sized(Image(url=url, alt=alt), lookup) if url else None
    known = members(value)
    address = next((known[key] for key in _ADDRESSES if key in known), None)
    url = _picture(fields, files, entry, address)
    if url is None:
        if address is None and normal_key(entry.name) == "image" and known.keys() <= _OURS:
            fields.fault(entry, "image must have a url")
        return None
    image = Image(
        url=url,
        alt=fields.as_text(entry, known.get("alt"), "image alt") or alt,
        width=count(fields, entry, known.get("width"), "image width"),
        height=count(fields, entry, known.get("height"), "image height"),
    )
    return sized(image, lookup)


def _in_header(fields: Fields) -> Entry | None:
    """The picture one level down, where themes of Jekyll, Zola and Hugo keep what is for their templates."""
    for holder in fields.among(("header", "extra", "params")):
        inner = fields.peek(holder)
        known = members(inner) if isinstance(inner, dict) else {}
        address = next((known[name] for name in _IN_HEADER if isinstance(known.get(name), str)), None)
        if address:
            return Entry(holder, 1, address)
    return None


def _picture(fields: Fields, files: SiteFiles, entry: Entry, value: Any) -> str | None:
    """The address of an image; a picture is never worth an article, so a wrong one is only noted."""
    if isinstance(value, list | dict | bool) or value is None:
        return None
    address = written(value) or ""
    if "{" in address or address.startswith(("@", "_")):
        address = _NO_ADDRESS.sub("", address)
    before = len(fields.faults)
    url = fields.as_reference(entry, address, entry.name)
    fields.notes += fields.faults[before:]
    del fields.faults[before:]
    return url and files.at(url, address)
