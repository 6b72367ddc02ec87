"""The identity that one article claims: slug, id, former slugs and addresses, translation keys."""

from service.content.discovery.path_metadata import PathMetadata
from service.content.fields.field_reader import Fields
from service.content.front_matter.values import Entry
from service.content.identity.ids import is_transient_uri, to_uri
from service.content.identity.permalinks import Permalink, site_path
from service.content.identity.slugs import alias_slug, make_slug, short_hash
from service.content.parsing.raw_article import RawArticle
from service.model import Site, TranslationKey


def claim_slug(
    fields: Fields, permalink: Permalink, name: str, title: str, raw: RawArticle
) -> tuple[str, str | None]:
    """The slug it asks for, and the address in the field `slug` if it is one (`slug: /releases/1.0`)."""
    entry = fields.take("slug")
    text = fields.as_text(entry, entry.value, "slug") if entry else None
    address = site_path(text) if text and "/" in text else None
    explicit = make_slug(text or "")
    if entry and text and not explicit and text.strip("/"):
        fields.drop_value(entry, f"slug {text!r} has neither letters nor digits")
    slug = explicit or permalink.slug or make_slug(name) or make_slug(title.replace(".", " "))
    return slug or short_hash(f"{raw.path}\n{raw.number}"), address


def former_addresses(*addresses: str | None) -> tuple[str, ...]:
    paths = [site_path(address) for address in addresses if address]
    return tuple(dict.fromkeys([path for path in paths if path]))


def translation_keys(
    fields: Fields, place: PathMetadata, slug: str, former: tuple[tuple[Entry, str], ...], *, explicit: bool
) -> tuple[TranslationKey, ...]:
    """The keys it shares with its translations: an explicit one, its path, its slug within a tree."""
    first = (former and alias_slug(former[-1][1])) or slug
    key = fields.peek("translation_key", "translationkey", "translation_id", "lang_ref", "ref")
    keys = [TranslationKey("declared", key)] if isinstance(key, str) else []
    group = fields.text("translation_group")
    keys += [TranslationKey("group", group)] if group else []
    keys += [TranslationKey("path", place.bare)] if place.bare is not None else []
    keys += [TranslationKey("tree", f"{place.tree} {first}")] if place.tree is not None else []
    keys += [TranslationKey("slug", first)] if explicit else []
    return tuple(keys)


def former_slugs(former: tuple[tuple[Entry, str], ...], slug: str) -> tuple[str, ...]:
    slugs = dict.fromkeys([alias_slug(alias) for _, alias in former])
    return tuple([alias for alias in slugs if alias and alias != slug])


def claim_id(fields: Fields, last_alias: str | None, site: Site) -> str:
    """The explicit id as a URI of a permanent scheme, as Atom requires (RFC 4287 §4.2.6); "" without one."""
    entry = fields.take("id", "guid", "uid")
    text = fields.as_text(entry, entry.value, entry.name) if entry else None
    if entry and text:
        if is_transient_uri(text):
            fields.note(
                entry,
                f"{entry.name} {text[:100]!r} is not a permanent id: its scheme opens or runs something;"
                f" feeds contain {to_uri(text)}; write a tag: or https: URI",
            )
        return to_uri(text)
    permalink = last_alias if last_alias and last_alias.startswith("/") else None
    if site.legacy_id and permalink:
        return site.legacy_id.replace("{url}", (site.public_url or "").rstrip("/") + permalink)
    return ""
