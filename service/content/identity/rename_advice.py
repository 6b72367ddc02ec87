"""Advice on what to write into an article's file so that it keeps its former id and address."""

from service.content.identity.ids import derive_id
from service.model import Site


def advise_rename(
    site: Site,
    *,
    was_id: str,
    was_slug: str,
    language: str,
    slug: str,
    aliases: tuple[str, ...],
    explicit: bool,
) -> str:
    """The fields that restore an article's former id and address: ``add `aliases: [vote]` ``.

    `was_id` and `was_slug` are the former ones, the others the present ones; `explicit` is whether its file
    has an id. An id derived from the former slug needs only that slug as the only alias.
    """
    address = advise_alias(was_slug, aliases) if was_slug not in (slug, *aliases) else ""
    if not explicit and not aliases and address and derive_id(site, language, was_slug) == was_id:
        return address
    line = f"write `id: {was_id}`" if explicit else f"add `id: {was_id}`"
    return f"{line} and {address}" if address else line


def advise_alias(was_slug: str, aliases: tuple[str, ...]) -> str:
    """The field that redirects `was_slug`; the last alias stays last, since ids are derived from it."""
    if aliases:
        return f"put {was_slug!r} before the others in `aliases`"
    return f"add `aliases: [{was_slug}]`"
