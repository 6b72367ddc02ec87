"""Links between files of one folder lead to the articles that the import makes of them."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from service.content.files.kinds import INDEX_NAMES
from service.importing.item import ImportedItem, Note
from service.importing.output.compose import address_of
from service.importing.output.media import replace_references
from service.importing.output.output_folder import OutputFolder
from service.markup import FILES, SITE, render
from service.markup.served_text.body_references import write_references
from service.model import Body

_LINK = re.compile(rf'(?<=href="){SITE}(/[^"]*)')
_SUFFIX = re.compile(r"\.\w+$")


def find_file_addresses(items: Iterable[ImportedItem | Note], output: OutputFolder) -> dict[str, str]:
    """The address of the article made of each file, by its path in the folder, with and without suffix.

    `output` takes the slugs of all `items` in their order: none of them is written.
    """
    addresses: dict[str, str] = {}
    for item in items:
        own = None if isinstance(item, Note) else output.with_unused_id(item)
        if own is None:
            continue
        address = address_of(own, output.choose_file(own).slug)
        stem = _SUFFIX.sub("", own.place)
        folder, _, name = stem.rpartition("/")
        for path in (own.place, stem, *([folder] if folder and name.lower() in INDEX_NAMES else [])):
            addresses.setdefault(path, address)
    return addresses


def link_files(item: ImportedItem, addresses: Mapping[str, str]) -> ImportedItem:
    """`item` with links to the articles at `addresses` in place of links to the files they are made of."""

    def local(reference: str | None) -> str | None:
        try:
            parts = urlsplit(reference or "")
        except ValueError:
            return None
        path = unquote(parts.path)
        own = addresses.get(path.removeprefix(FILES).strip("/")) if path.startswith("/") else None
        is_local = own is not None and not parts.netloc
        return f"{quote(own or '')}{f'#{parts.fragment}' if parts.fragment else ''}" if is_local else None

    if not item.base.startswith(FILES) or not addresses:
        return item
    if item.format == "html":
        text, base = replace_references(item, local)
        return replace(item, text=text, base=base)
    html = render(item.text, "markdown", item.base).html
    linked = _LINK.sub(lambda link: SITE + (local(link[1]) or link[1]), html)
    if linked == html:
        return item
    body = write_references(Body(item.text, "markdown", item.base), linked)
    return replace(item, text=body.text.replace(SITE, ""))
