"""What to write into an article's file so that it stays what readers know."""

from service.content.identity.ids import derive_id
from service.model import Site


def declaration(
    site: Site, *, was_id: str, was_slug: str, language: str, slug: str, aliases: tuple[str, ...], given: bool
) -> str:
    """The lines that give an article its former id and address again: ``add `aliases: [vote]` ``.

    `was_id` and `was_slug` are what it was known by; the others are what it is now, `given` whether it says
    its id itself. An id made from the former slug comes back with that slug as the only alias.
    """
    address = alias_line(was_slug, aliases) if was_slug not in (slug, *aliases) else ""
    if not given and not aliases and address and derive_id(site, language, was_slug) == was_id:
        return address
    line = f"write `id: {was_id}`" if given else f"add `id: {was_id}`"
    return f"{line} and {address}" if address else line


def alias_line(was_slug: str, aliases: tuple[str, ...]) -> str:
    """The line that lets the address `was_slug` lead on; the last alias stays last, ids are made of it."""
    if aliases:
        return f"put {was_slug!r} before the others in `aliases`"
    return f"add `aliases: [{was_slug}]`"
