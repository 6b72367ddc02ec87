"""Build one Article from its fields, its titled body and the metadata of its path."""

import re
from datetime import datetime
from typing import Any

import msgspec

from service.content.body.titles import TitledBody
from service.content.dates.date_field import is_zero_time
from service.content.discovery.path_metadata import PathMetadata
from service.content.fields.article_dates import PUBLISHED, read_dates
from service.content.fields.authors import read_authors
from service.content.fields.field_reader import Fields
from service.content.fields.images import read_image, set_picture_sizes
from service.content.fields.menu import read_menu
from service.content.fields.optional_fields import read_optional_fields
from service.content.fields.script_detection import language_of_script
from service.content.fields.series import is_featured, read_series
from service.content.fields.tags import read_tags
from service.content.files.dependencies import FileLookup
from service.content.files.kinds import INDEX_NAMES
from service.content.files.site_files import SiteFiles
from service.content.generators.addresses.article_addresses import build_address, find_scheme, with_base_path
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.identity.claims import (
    claim_id,
    claim_slug,
    former_addresses,
    former_slugs,
    translation_keys,
)
from service.content.identity.page_addresses import claim_page_address, page_aliases
from service.content.identity.permalinks import Permalink, read_permalink, read_wordpress_address
from service.content.identity.slugs import make_slug
from service.content.parsing.raw_article import RawArticle
from service.content.records import SiteContext
from service.markup import SITE, words_and_minutes
from service.model import Article, Body, Site, TranslationKey


class ArticleSource(msgspec.Struct, frozen=True):
    """The parts that one article is made from: its fields and the metadata of its path, within its site."""

    raw: RawArticle
    fields: Fields
    metadata: PathMetadata
    lookup: FileLookup
    site: Site
    context: SiteContext


class _Names(msgspec.Struct, frozen=True):
    """The names of an article, its former names, and the keys that it shares with its translations."""

    id: str
    slug: str
    former_slugs: tuple[str, ...]
    former_addresses: tuple[str, ...]
    translation_keys: tuple[TranslationKey, ...]


def build_article(
    source: ArticleSource, body: Body, titled: TitledBody, page_folders: tuple[str, ...] | None = None
) -> Article:
    """Build the article. Its slug is the one it asks for, and its id is empty unless it gives one.

    With `page_folders`, which begin its address, it is a page.
    """
    raw, fields, lookup, site = source.raw, source.fields, source.lookup, source.site
    permalink = read_permalink(fields, site.zone)
    scheme = find_scheme(source.context.schemes, raw.path) if raw.named else None
    given_date = fields.peek(*PUBLISHED)  # which `read_dates` takes
    dates = read_dates(fields, permalink.date or source.metadata.date, site)
    generator_address = _find_generator_address(
        source, titled.title, permalink, scheme, dates.published, given_date
    )
    files = SiteFiles(
        raw.path,
        lookup,
        scheme.base if scheme else "",
        site.base_path,
        permalink.address or generator_address,
    )
    language, is_identified_by_slug = _read_language(source, titled.text)
    names = _read_names(
        source, titled.title, permalink, page_folders, is_identified_by_slug=is_identified_by_slug
    )
    menu = None if page_folders is None else read_menu(fields)
    words, minutes = words_and_minutes(titled.text)
    series = read_series(fields)
    optional = read_optional_fields(
        fields,
        lookup,
        files,
        changed=max(filter(None, (dates.published, dates.updated)), default=None),
        needs_time=page_folders is None and dates.updated is None,
    )
    return Article(
        id=names.id,
        slug=names.slug,
        title=titled.title or names.slug.strip("/"),
        title_derived=titled.derived,
        content_html=_resolve_files(titled.html, raw.path, files, lookup),
        content_text=titled.text,
        summary=titled.summary,
        language=language,
        path=raw.path,
        number=raw.number,
        body=body,
        subtitle=optional.subtitle,
        authors=read_authors(fields, source.context, raw.path),
        published=dates.published,
        published_within=dates.published_within,
        updated=dates.updated or dates.published,
        updated_within=dates.updated_within if dates.updated else dates.published_within,
        tags=read_tags(fields, raw.path),
        series=series.name,
        series_order=series.order,
        featured=is_featured(fields),
        source=optional.source,
        dateline=optional.dateline,
        image=read_image(fields, lookup, files),
        attachments=optional.attachments,
        canonical=optional.canonical,
        rights=optional.rights,
        correction=optional.correction,
        aliases=names.former_slugs,
        addresses=tuple(dict.fromkeys(with_base_path(generator_address, names.former_addresses, scheme))),
        translation_keys=names.translation_keys,
        word_count=words,
        reading_minutes=minutes,
        expires=optional.expires,
        withdrawn=optional.withdrawn,
        menu=menu,
        extra=fields.extra(),
    )


def _find_generator_address(
    source: ArticleSource,
    title: str,
    permalink: Permalink,
    scheme: Scheme | None,
    published: datetime | None,
    given_date: Any,
) -> str | None:
    """The address that the generator of the site gives the article, unless the article gives one itself."""
    if permalink.address or not (scheme or permalink.pattern):
        return None
    variables = ArticleVariables(
        source.raw.path,
        title,
        source.fields,
        published,
        None if is_zero_time(given_date) else given_date,
        source.site.zone,
    )
    return build_address(variables, scheme, permalink.pattern)


def _read_names(
    source: ArticleSource,
    title: str,
    permalink: Permalink,
    page_folders: tuple[str, ...] | None,
    *,
    is_identified_by_slug: bool,
) -> _Names:
    """The names of an article: a slug; of a page, its address."""
    fields, raw, metadata = source.fields, source.raw, source.metadata
    states_slug = bool(fields.peek("slug") or permalink.slug)
    slug, address = claim_slug(fields, permalink, metadata.name, title, raw)
    wordpress_address = read_wordpress_address(fields, slug)
    aliases = fields.texts("aliases", "alias", "redirect_from")
    addresses = fields.texts("addresses")
    former = former_addresses(
        permalink.address, address, wordpress_address, *(address for _, address in (*aliases, *addresses))
    )
    former_names = former_slugs(aliases, slug)
    if page_folders is not None:
        given = permalink.address or address
        name = make_slug(title) if slug in INDEX_NAMES else slug
        slug = claim_page_address(fields, raw, given or "/".join((*page_folders, name or slug)))
        former_names = page_aliases((alias for _, alias in aliases), slug)
        former = tuple([path for path in former if path not in {slug, *former_names}])
    return _Names(
        id=claim_id(fields, aliases[-1][1] if aliases else None, source.site),
        slug=slug,
        former_slugs=former_names,
        former_addresses=former,
        translation_keys=translation_keys(
            fields, metadata, slug, aliases, explicit=is_identified_by_slug and states_slug
        ),
    )


def _read_language(source: ArticleSource, text: str) -> tuple[str, bool]:
    """The language of an article, and whether its slug alone identifies it among its translations.

    It does where the article states the language, or the path does not.
    """
    fields, metadata, site = source.fields, source.metadata, source.site
    is_own = fields.gives(*_LANGUAGES)  # and not a default of the folder
    stated = fields.language(*_LANGUAGES)
    language = (stated if is_own else None) or metadata.language or stated
    if language is None and not source.context.states_language and site.language == _DEFAULT_LANGUAGE:
        language = language_of_script(text)
    return language or site.language, bool(is_own and stated) or metadata.language is None


def _resolve_files(html: str, path: str, files: SiteFiles, lookup: FileLookup) -> str:
    """Safe HTML whose references lead to files of the folder, with the sizes of pictures."""
    return set_picture_sizes(files.resolve_html(html), path, lookup) if SITE in html else html


def has_only_title(article: Article) -> bool:
    """Whether nothing but a title is left after the template tags are removed."""
    return not (
        article.content_text
        or article.image
        or article.attachments
        or _VISIBLE_ELEMENT.search(article.content_html)
        or article.published
        or article.withdrawn
    )


def is_empty(article: Article) -> bool:
    """Whether the title is made from the file name, and there is nothing else to show."""
    return article.title_derived and not (
        article.content_html or article.summary or article.image or article.attachments or article.withdrawn
    )


_VISIBLE_ELEMENT = re.compile("<(?:a|audio|img|video) ")
_DEFAULT_LANGUAGE = Site().language
_LANGUAGES = ("language", "lang", "locale")
