"""Build one Article from its fields, its titled body and the metadata of its path."""

import re

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
from service.content.generators.addresses.scheme import ArticleVariables
from service.content.generators.article_addresses import build_address, find_scheme, with_base_path
from service.content.identity.claims import (
    claim_id,
    claim_slug,
    former_addresses,
    former_slugs,
    translation_keys,
)
from service.content.identity.page_addresses import claim_page_address, page_aliases
from service.content.identity.permalinks import read_permalink, read_wordpress_address
from service.content.identity.slugs import make_slug
from service.content.parsing.raw_article import RawArticle
from service.content.records import SiteContext
from service.markup import SITE, words_and_minutes
from service.model import Article, Body, Site


def build_article(
    fields: Fields,
    raw: RawArticle,
    body: Body,
    titled: TitledBody,
    metadata: PathMetadata,
    lookup: FileLookup,
    site: Site,
    context: SiteContext,
    page_folders: tuple[str, ...] | None = None,
) -> Article:
    """Build the article. Its slug is the one it asks for, and its id is empty unless it gives one.

    With `page_folders`, which begin its address, it is a page.
    """
    permalink = read_permalink(fields, site.zone)
    scheme = find_scheme(context.schemes, raw.path) if raw.named else None
    given_date = fields.peek(*PUBLISHED) if scheme or permalink.pattern else None
    given_date = None if is_zero_time(given_date) else given_date
    dates = read_dates(fields, permalink.date or metadata.date, site)
    generator_address = None
    if (scheme or permalink.pattern) and not permalink.address:
        variables = ArticleVariables(raw.path, titled.title, fields, dates.published, given_date, site.zone)
        generator_address = build_address(variables, scheme, permalink.pattern)
    files = SiteFiles(
        raw.path,
        lookup,
        scheme.base if scheme else "",
        site.base_path,
        permalink.address or generator_address,
    )
    slug_field = fields.peek("slug")
    slug, address = claim_slug(fields, permalink, metadata.name, titled.title, raw)
    wordpress_address = read_wordpress_address(fields, slug)
    aliases = fields.texts("aliases", "alias", "redirect_from")
    addresses = fields.texts("addresses")
    former = former_addresses(
        permalink.address, address, wordpress_address, *(address for _, address in (*aliases, *addresses))
    )
    former_names = former_slugs(aliases, slug)
    menu = None
    if page_folders is not None:
        given = permalink.address or address
        name = make_slug(titled.title) if slug in INDEX_NAMES else slug
        slug = claim_page_address(fields, raw, given or "/".join((*page_folders, name or slug)))
        former_names = page_aliases((alias for _, alias in aliases), slug)
        former = tuple([path for path in former if path not in {slug, *former_names}])
        menu = read_menu(fields)
    language, is_explicit = _read_language(fields, metadata, titled.text, site, context)
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
        id=claim_id(fields, aliases[-1][1] if aliases else None, site),
        slug=slug,
        title=titled.title or slug.strip("/"),
        title_derived=titled.derived,
        content_html=_resolve_files(titled.html, raw.path, files, lookup),
        content_text=titled.text,
        summary=titled.summary,
        language=language,
        path=raw.path,
        number=raw.number,
        body=body,
        subtitle=optional.subtitle,
        authors=read_authors(fields, context, raw.path),
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
        aliases=former_names,
        addresses=tuple(dict.fromkeys(with_base_path(generator_address, former, scheme))),
        translation_keys=translation_keys(
            fields, metadata, slug, aliases, explicit=is_explicit and bool(slug_field or permalink.slug)
        ),
        word_count=words,
        reading_minutes=minutes,
        expires=optional.expires,
        withdrawn=optional.withdrawn,
        menu=menu,
        extra=fields.extra(),
    )


def _read_language(
    fields: Fields, metadata: PathMetadata, text: str, site: Site, context: SiteContext
) -> tuple[str, bool]:
    """The language of an article, and whether its slug alone identifies it among its translations.

    It does where the article states the language, or the path does not.
    """
    is_own = fields.gives(*_LANGUAGES)  # and not a default of the folder
    stated = fields.language(*_LANGUAGES)
    language = (stated if is_own else None) or metadata.language or stated
    if language is None and not context.states_language and site.language == _DEFAULT_LANGUAGE:
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
