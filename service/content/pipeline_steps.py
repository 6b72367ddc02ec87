"""An article on its way from a raw: begun, typeset, finished."""

import re

import msgspec

from service.content.article_builder import convert_body, read_article, typeset
from service.content.cpu_time_limit import cpu_time_limit
from service.content.discovery.exclusions import is_private, reason_by_fields, reason_hidden
from service.content.discovery.file_dependencies import FileLookup
from service.content.discovery.path_metadata import PathMetadata, read_path_metadata
from service.content.fields.body_and_summary import read_body
from service.content.fields.field_reader import Fields, as_boolean
from service.content.fields.misspelled_keys import report_misspelled_keys
from service.content.fields.omissions import line_in_file, omission_notes
from service.content.fields.titles import TitledBody
from service.content.generators.defaults import defaults_of
from service.content.identity.redirects import read_redirect
from service.content.parsing.html_page import META_NAMES
from service.content.parsing.raw_article import RawArticle, rename_site_keys
from service.content.records import Receipt, Redirect, SiteContext
from service.content.scraping import read_scraped
from service.errors import ContentError
from service.markup import folder_base
from service.model import Article, Body, Site

_SHOWN = re.compile("<(?:a|audio|img|video) ")


class Reading(msgspec.Struct, frozen=True):
    """What a raw gave: an article unless it is left out or has faults, and everything to be told of.

    `left_out` is why it is no article, or none for the public; `redirect` where it leads instead.
    `is_private` is whether it is kept from the public: a draft, say.
    """

    article: Article | None = None
    faults: tuple[ContentError, ...] = ()
    left_out: str | None = None
    redirect: Redirect | None = None
    receipts: tuple[Receipt, ...] = ()
    is_private: bool = False


class Galley:
    """One article between its raw and what is read of it.

    Its steps are taken once each, in their order; one that gives a reading is the last.
    """

    _fields: Fields
    _place: PathMetadata
    _body: Body
    _converted: tuple[str | None, str]
    _headed: TitledBody

    def __init__(self, raw: RawArticle, lookup: FileLookup, site: Site, context: SiteContext) -> None:
        self.line = raw.line
        self.size = len(raw.text)
        self.cpu_time_limit = cpu_time_limit(raw.line)
        self._manuscript = raw
        self._neighbours = lookup
        self._site = site
        self._context = context
        self._notes: tuple[ContentError, ...] = ()
        self._receipts: tuple[Receipt, ...] = ()

    def begin(self) -> Reading | None:
        """Understand its keys, and clear its text of templates; why it is no article, where it is none."""
        raw, site, context = self._manuscript, self._site, self._context
        place = read_path_metadata(raw.path, context, site.zone) if raw.named else PathMetadata()
        dated = place.dated is not None
        if raw.scraped is not None:
            page = read_scraped(raw, site, dated=dated)
            self._manuscript = raw = page.raw
            self._notes, self._receipts = page.notes, page.receipts
        base = folder_base(raw.path)
        entries = rename_site_keys(raw, context) if context.keys else raw.entries
        fields = Fields(entries, site.zone, base, defaults_of(context, raw.path, place.language))
        self._fields, self._place = fields, place
        if reason := _unpublished(fields):
            return Reading(left_out=reason, is_private=True)
        if redirect := read_redirect(fields, raw.path, place.name, site, context):
            return Reading(left_out=redirect[1], redirect=redirect[0])
        if reason := self._left_out(dated=dated):
            return Reading(left_out=reason, is_private=is_private(fields))
        report_misspelled_keys(fields, raw.entries, site.zone, context.own_keys)
        report_misspelled_keys(fields, raw.unread, site.zone, context.own_keys, META_NAMES)
        self._body = read_body(fields, raw, base, self._neighbours)
        return None

    def convert(self) -> None:
        """Make its text HTML."""
        raw, body = self._manuscript, self._body
        title, converted = convert_body(self._fields, body)
        self._converted = title, converted.html
        notes = omission_notes(converted.omissions, lambda omission: line_in_file(omission, raw, body.text))
        if raw.scraped is None:
            self._notes += tuple(notes)
        else:  # every saved page has scripts and styles: these are cuts like any other
            self._receipts += tuple(Receipt(note.line, "", "page", note.message) for note in notes)

    def typeset(self) -> None:
        """Make that HTML safe, under its title."""
        title, html = self._converted
        self._headed = typeset(title, html, self._fields, self._manuscript, self._body, self._place)

    def finish(self) -> Reading:
        """Read all else that is said of it."""
        raw, fields = self._manuscript, self._fields
        article = read_article(
            fields,
            raw,
            self._body,
            self._headed,
            self._place,
            self._neighbours,
            self._site,
            self._context,
        )
        if raw.named and "{" in raw.text and _is_all_template(article):
            return Reading(left_out="a page that is all template")
        if _is_empty(article) and not fields.faults:
            fields.faults.append(ContentError(raw.line, "there is no article here: neither title nor text"))
        told = (*fields.faults, *fields.notes, *self._notes)
        return Reading(None if fields.faults else article, told, receipts=self._receipts)

    def _left_out(self, *, dated: bool) -> str | None:
        raw = self._manuscript
        if not raw.named:  # one record of many: the name of its file says nothing about it
            return reason_hidden(self._fields)
        told = bool(raw.entries) and raw.scraped is None
        return reason_by_fields(self._fields, raw.path, raw.text, self._neighbours, dated=dated, matter=told)


def _unpublished(fields: Fields) -> str | None:
    """`draft: true`, or `published: false`; a `published` that is true or false is no date."""
    if fields.boolean("draft", "drafts", "is_draft", "isdraft"):
        return "a draft"
    if fields.take_boolean("published") is False:
        return "not for the public: published is false"
    for name in fields.among(("publish", "public")):
        if as_boolean(fields.peek(name)) is False:
            return f"not for the public: {name} is false"
    return None


def _is_all_template(article: Article) -> bool:
    """Whether nothing but a title is left where the tags are gone."""
    shown = (
        article.content_text or article.image or article.attachments or _SHOWN.search(article.content_html)
    )
    return not (shown or article.published or article.withdrawn)


def _is_empty(article: Article) -> bool:
    """Whether nothing was said: the title is the file's name, and there is nothing else to show."""
    told = (
        article.content_html or article.summary or article.image or article.attachments or article.withdrawn
    )
    return article.title_derived and not told
