"""One article, from its keys and its body."""

import re

import msgspec

from service.content.addresses import Told, is_post_of_jekyll, made_address, scheme_of, with_base
from service.content.bylines import read_authors, read_tags
from service.content.engines import defaults_of
from service.content.fields import Fields
from service.content.identity import former_addresses, former_slugs, given_id, kin_of, wished_slug
from service.content.lead_image import read_image
from service.content.left_out import reason_by_fields
from service.content.loaded import Context, Redirect
from service.content.manuscript import Manuscript, named_as_usual
from service.content.neighbours import Neighbours
from service.content.parts import read_attachments, read_source, read_withdrawal
from service.content.permalinks import address_at_wordpress, read_permalink
from service.content.pictures import sized_in_html
from service.content.place import Place, place_of
from service.content.redirects import read_redirect
from service.content.scripts import language_of_script
from service.content.site_files import SiteFiles
from service.content.titles import head, named_as_by_jekyll, plain_title
from service.content.wording import read_body, read_summary
from service.errors import ContentError
from service.markup import SITE, count_words, folder_base, reading_minutes, summarise
from service.model import Article, Body, Site


class Reading(msgspec.Struct, frozen=True):
    """What a manuscript gave: an article unless it is left out or has faults, and everything to be told of.

    `left_out` is why it is no article, or none for the public; `redirect` where it leads instead.
    """

    article: Article | None
    faults: tuple[ContentError, ...]
    left_out: str | None = None
    redirect: Redirect | None = None


def read_article(manuscript: Manuscript, neighbours: Neighbours, site: Site, context: Context) -> Reading:
    """The article in `manuscript`, with its wished-for slug, and an empty id unless one is given."""
    base = folder_base(manuscript.path)
    place = place_of(manuscript.path, context, site.zone) if manuscript.named else Place()
    defaults = defaults_of(context, manuscript.path, place.language)
    entries = named_as_usual(manuscript, context) if context.keys else manuscript.entries
    fields = Fields(entries, site.zone, base, defaults)
    if reason := _unpublished(fields):
        return Reading(None, (), reason)
    if redirect := read_redirect(fields, manuscript.path, place.name, site, context):
        return Reading(None, (), redirect[1], redirect[0])
    if manuscript.named:
        told = bool(manuscript.entries) and manuscript.scraped is None
        dated = place.dated is not None
        if reason := reason_by_fields(
            fields, manuscript.path, manuscript.text, neighbours, dated=dated, matter=told
        ):
            return Reading(None, (), reason)
    body = read_body(fields, manuscript, base, neighbours)
    article = _article(fields, manuscript, body, place, neighbours, site, context)
    if manuscript.named and "{" in manuscript.text and _is_all_template(article):
        return Reading(None, (), "a page that is all template")
    if _is_empty(article) and not fields.faults:
        fields.faults.append(
            ContentError(manuscript.line, "there is no article here: neither title nor text")
        )
    return Reading(None if fields.faults else article, (*fields.faults, *fields.notes))


def _article(
    fields: Fields,
    manuscript: Manuscript,
    body: Body,
    place: Place,
    neighbours: Neighbours,
    site: Site,
    context: Context,
) -> Article:
    given_title = fields.text("title", "headline")
    derived = fields.boolean("title_derived") or False
    words = place.name.replace("-", " ").replace("_", " ").strip()
    headed = head(given_title and plain_title(given_title), body.text, body.format, body.base, words)
    if headed.derived and not derived and headed.html and is_post_of_jekyll(manuscript.path):
        headed = msgspec.structs.replace(headed, title=named_as_by_jekyll(place.name), derived=False)
    files = SiteFiles(manuscript.path, neighbours)
    permalink = read_permalink(fields, site.zone)
    scheme = scheme_of(context.schemes, manuscript.path) if manuscript.named else None
    dated = fields.peek(*_PUBLISHED) if scheme or permalink.pattern else None
    published, within = fields.publication(*_PUBLISHED, named=place.dated)
    published = published or permalink.dated or place.dated
    made = None
    if (scheme or permalink.pattern) and not permalink.address:
        told = Told(manuscript.path, headed.title, fields, published, dated, site.zone)
        made = made_address(told, scheme, permalink.pattern)
    revised = fields.revision(*_UPDATED)
    wished = fields.peek("slug")
    slug, address = wished_slug(fields, permalink, place.name, headed.title, manuscript)
    once_at = address_at_wordpress(fields, slug)
    former = fields.texts("aliases", "alias", "redirect_from")
    known = fields.texts("addresses")
    given = former_addresses(permalink.address, address, once_at, *(one for _, one in (*former, *known)))
    own = fields.gives(*_LANGUAGES)
    stated = fields.language(*_LANGUAGES)
    # A translation is named by its slug alone where the language is stated, or that of the site.
    spoken = bool(own and stated) or place.language is None
    language = (stated if own else None) or place.language or stated
    if language is None and not context.speaks and site.language == _UNSAID:
        language = language_of_script(headed.text)
    language = language or site.language
    return Article(
        id=given_id(fields, former[-1][1] if former else None, site),
        slug=slug,
        title=headed.title or slug,
        title_derived=derived or headed.derived,
        content_html=_with_neighbours(headed.html, manuscript.path, files, neighbours),
        content_text=headed.text,
        summary=read_summary(fields, body) or summarise(headed.opening or headed.text),
        language=language,
        path=manuscript.path,
        number=manuscript.number,
        body=body,
        subtitle=fields.text("subtitle", "kicker", "deck", "standfirst", "tagline", "subheading"),
        authors=read_authors(fields, context, manuscript.path),
        published=published,
        published_within=within,
        updated=revised or published,
        tags=read_tags(fields, manuscript.path),
        source=read_source(fields),
        dateline=fields.text("dateline"),
        image=read_image(fields, neighbours, files),
        attachments=read_attachments(fields, neighbours, files),
        canonical=fields.reference("canonical", "canonical_url", "canonicalurl"),
        rights=fields.text("rights", "copyright"),
        correction=fields.text("correction"),
        aliases=former_slugs(former, slug),
        addresses=tuple(dict.fromkeys(with_base(made, given, scheme))),
        kin=kin_of(fields, place, slug, former, explicit=spoken and bool(wished or permalink.slug)),
        word_count=count_words(headed.text),
        reading_minutes=reading_minutes(headed.text),
        expires=fields.instant(*_EXPIRES),
        withdrawn=read_withdrawal(fields, dated=revised is not None),
        extra=fields.extra(),
    )


def _is_all_template(article: Article) -> bool:
    """Whether nothing but a title is left where the tags are gone."""
    shown = (
        article.content_text or article.image or article.attachments or _SHOWN.search(article.content_html)
    )
    return not (shown or article.published or article.withdrawn)


def _with_neighbours(html: str, path: str, files: SiteFiles, neighbours: Neighbours) -> str:
    """Safe HTML in which what lies in the folder is found, and pictures say how large they are."""
    return sized_in_html(files.in_html(html), path, neighbours) if SITE in html else html


def _is_empty(article: Article) -> bool:
    """Whether nothing was said: the title is the file's name, and there is nothing else to show."""
    told = (
        article.content_html or article.summary or article.image or article.attachments or article.withdrawn
    )
    return article.title_derived and not told


# What the site has where nobody said its language.
_UNSAID = Site().language
_SHOWN = re.compile("<(?:a|audio|img|video) ")
_LANGUAGES = ("language", "lang", "locale")
_PUBLISHED = (
    "published",
    "date",
    "publish_date",
    "publishdate",
    "pubdate",
    "pub_date",
    "published_at",
    "publishedat",
    "published_on",
    "date_published",
    "datepublished",
    "posted",
    "post_date",
    "created",
    "created_at",
    "createdat",
    "date_created",
)
_UPDATED = (
    "updated",
    "lastmod",
    "modified",
    "last_modified",
    "last_modified_at",
    "updated_at",
    "updatedat",
    "updateddate",
    "date_modified",
    "datemodified",
    "date_updated",
    "modified_at",
    "last_updated",
    "lastupdated",
    "last_update",
)
_EXPIRES = ("expires", "expiry_date", "expirydate", "expire", "expires_at", "unpublish_date")


def _unpublished(fields: Fields) -> str | None:
    """`draft: true`, or `published: false`; a `published` that is true or false is no date."""
    draft = fields.boolean("draft", "drafts")
    published = fields.take_boolean("published")
    return (
        "a draft"
        if draft is True
        else "not for the public: published is false"
        if published is False
        else None
    )
