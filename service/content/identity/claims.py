"""What an article wishes to be called, what it was called before, and whose translation it may be."""

from service.content.discovery.path_metadata import PathMetadata
from service.content.fields.field_reader import Fields
from service.content.identity.ids import as_uri, names_nothing
from service.content.identity.permalinks import Permalink, site_path
from service.content.identity.slugs import alias_slug, make_slug, short_hash
from service.content.parsing.raw_article import RawArticle
from service.content.parsing.values import Entry
from service.model import Site


def wished_slug(
    fields: Fields, permalink: Permalink, name: str, title: str, raw: RawArticle
) -> tuple[str, str | None]:
    """The slug it wishes for, and the address in `slug` where that is one (`slug: /releases/1.0`)."""
    entry = fields.take("slug")
    given = fields.as_text(entry, entry.value, "slug") if entry else None
    address = site_path(given) if given and "/" in given else None
    last = make_slug(given or "")
    if entry and given and not last and given.strip("/"):
        fields.fault(entry, f"slug {given!r} has neither letters nor digits")
    wished = last or permalink.slug or make_slug(name) or make_slug(title.replace(".", " "))
    return wished or short_hash(f"{raw.path}\n{raw.number}"), address


def former_addresses(*given: str | None) -> tuple[str, ...]:
    paths = [site_path(one) for one in given if one]
    return tuple(dict.fromkeys([path for path in paths if path]))


def kin_of(
    fields: Fields, place: PathMetadata, slug: str, former: tuple[tuple[Entry, str], ...], *, explicit: bool
) -> tuple[str, ...]:
    """What makes this a translation of others: a key of its own, its place, its slug within a tree."""
    first = (former and alias_slug(former[-1][1])) or slug
    key = fields.peek("translation_key", "translationkey", "translation_id", "lang_ref", "ref")
    kin = [f"key {key}"] if isinstance(key, str) else []
    kin += [f"path {place.bare}"] if place.bare is not None else []
    kin += [f"tree {place.tree} {first}"] if place.tree is not None else []
    kin += [f"slug {first}"] if explicit else []
    return tuple(kin)


def former_slugs(former: tuple[tuple[Entry, str], ...], slug: str) -> tuple[str, ...]:
    slugs = dict.fromkeys([alias_slug(alias) for _, alias in former])
    return tuple([alias for alias in slugs if alias and alias != slug])


def given_id(fields: Fields, last_alias: str | None, site: Site) -> str:
    """The id as given; one that is no URI of a permanent scheme is made one, since Atom takes no other."""
    entry = fields.take("id", "guid", "uid")
    given = fields.as_text(entry, entry.value, entry.name) if entry else None
    if entry and given:
        if names_nothing(given):
            fields.note(
                entry,
                f"{entry.name} {given[:100]!r} is no permanent id: its scheme is that of something to open or"
                f" run; feeds carry {as_uri(given)}; write a tag: or https: URI",
            )
        return as_uri(given)
    permalink = last_alias if last_alias and last_alias.startswith("/") else None
    if site.legacy_id and permalink:
        return site.legacy_id.replace("{url}", (site.public_url or "").rstrip("/") + permalink)
    return ""
