"""The pipeline: the bytes of article files become Articles, redirects, exclusions and faults.

`load_parts` loads files; `_article_steps` names every step of an article, in order.
"""

import logging
import math
import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import msgspec

from service.content.article_builder import ArticleSource, build_article, has_only_title, is_empty
from service.content.body.body_and_summary import read_body
from service.content.body.omissions import line_in_file, omission_notes
from service.content.body.titles import title_body
from service.content.cpu_time_limit import MAX_SECONDS, cpu_time_limit
from service.content.discovery.exclusions import (
    find_field_exclusion,
    find_path_exclusion,
    find_site_exclusion,
    is_in_source,
)
from service.content.discovery.path_metadata import PathMetadata, read_path_metadata
from service.content.discovery.private_places import declares_public, find_private_place
from service.content.discovery.publication_status import (
    find_status_exclusion,
    find_unset_publication,
    find_visibility_exclusion,
    is_private,
    report_unread_metadata,
)
from service.content.discovery.scan import read
from service.content.discovery.site_pages import find_page_folders
from service.content.discovery.text_kinds import find_text_exclusion
from service.content.fields.field_reader import Fields
from service.content.fields.misspelled_keys import report_misspelled_keys
from service.content.files.dependencies import FileLookup
from service.content.front_matter.text_headers import add_tag_status
from service.content.front_matter.unread_metadata import find_unread_metadata
from service.content.front_matter.values import Entry, normal_key, written
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.obsidian import find_vault
from service.content.generators.site_settings.folder_defaults import find_defaults
from service.content.identity.redirects import read_redirect
from service.content.parsing.decoding import decode
from service.content.parsing.html_page import META_NAMES
from service.content.parsing.json_lines import is_json_lines, read_parts
from service.content.parsing.metadata_file import add_metadata_file, read_template_data
from service.content.parsing.raw_article import RawArticle, rename_site_keys
from service.content.parsing.split_file import FoundInFile, split_file, split_json_lines
from service.content.records import FilePart, Folders, LoadedFile, Receipt, SiteContext
from service.content.shortcodes.emoji import replace_emoji
from service.errors import ContentError
from service.markup import folder_base
from service.model import Article, Site

INTERNAL_ERROR = "Broadsheet failed to read this"

_NO_CONTEXT = SiteContext()
_SHOWN_AS_TEXT = frozenset({"title", "subtitle", "summary", "description", "excerpt"})
_LANGUAGE_BYTES = 4096
_STATED_LANGUAGE = re.compile(
    rb"""^[ \t"]*(?:lang|language|locale)"?[ \t]*[:=][ \t]*["']?([a-z]{2,3}(?:[-_][a-z]{2,4})?)\b|"""
    rb"""<html\b[^<>]{0,200}?\slang=["']?([a-z]{2,3})""",
    re.IGNORECASE | re.MULTILINE,
)

log = logging.getLogger("broadsheet")


ArticleSteps = Generator[None, None, LoadedFile]


class _Run(msgspec.Struct, frozen=True):
    """The steps of one article, and what they may cost."""

    raw: RawArticle
    steps: ArticleSteps
    limit: cpu_time_limit


def load(
    root: Path,
    path: str,
    data: bytes,
    site: Site,
    context: SiteContext = _NO_CONTEXT,
    folders: Folders | None = None,
) -> LoadedFile:
    """Load the articles in the file at `path`, whose bytes are `data`. See `load_parts`."""
    return load_parts(root, [(FilePart(path, len(data)), data)], site, context, folders)[0]


def read_file_parts(root: Path, path: str) -> Iterator[tuple[FilePart, bytes]]:
    """The article file at `path` below `root`: the whole, or the parts of a file of JSON Lines.

    Raises UnreadableFile, and ContentError when a whole file is too large.
    """
    if is_json_lines(path):
        yield from read_parts(root, path)
    else:
        data = read(root, path)
        yield FilePart(path, len(data)), data


def load_parts(
    root: Path,
    parts: Sequence[tuple[FilePart, bytes]],
    site: Site,
    context: SiteContext = _NO_CONTEXT,
    folders: Folders | None = None,
) -> list[LoadedFile]:
    """Load the articles in `parts` of files, with everything that is wrong with them.

    A fault excludes its article; a note does not. Never raises for any bytes. Other files below `root` are
    only looked at to measure pictures and attachments and to resolve links, which is recorded as
    `dependencies`. `context` and `folders` are what `scan` returned.

    All articles go through one stage before any goes through the next: the code of a stage stays in the
    processor's cache, which saves a tenth of the time. Parts of 1 MB in all are enough for that.
    """
    with cpu_time_limit(seconds=math.inf):  # sets the timer of the process once for all articles
        lookups = [FileLookup(root, folders) for _ in parts]
        contents = [_read_raw_articles(part, data, site, context) for part, data in parts]
        runs = [
            _Run(found, _article_steps(found, lookup, site, context), cpu_time_limit(found.line))
            for content, lookup in zip(contents, lookups, strict=True)
            for found in content
            if isinstance(found, RawArticle)
        ]
        results = iter(_run_stages(runs))
    return [
        _join([next(results) if isinstance(found, RawArticle) else found for found in content], lookup)
        for content, lookup in zip(contents, lookups, strict=True)
    ]


def _read_raw_articles(part: FilePart, data: bytes, site: Site, context: SiteContext) -> list[FoundInFile]:
    """Split a file into raw articles, unless its path excludes it."""
    path = part.path
    vault = find_vault(context.vaults, path)
    is_note = vault is not None and vault[1].is_declared and not vault[1].is_site
    if reason := find_path_exclusion(path, context.excluded, is_note=is_note):
        return [LoadedFile.excluded(path, 1, reason, is_private="_drafts" in path.lower().split("/")[:-1])]
    notes: tuple[ContentError, ...] = ()
    try:
        with cpu_time_limit(seconds=MAX_SECONDS + len(data) / 1_000_000):
            if reason := find_site_exclusion(path, context):
                return [LoadedFile.excluded(path, 1, reason, is_private=True)]
            if is_json_lines(path):
                return split_json_lines(
                    part, data, lambda line: decode(line, lambda: _read_languages(path, line, site, context))
                )
            text, note = decode(data, lambda: _read_languages(path, data, site, context))
            notes = (note,) if note else ()
            if reason := find_text_exclusion(path, text):
                return [LoadedFile.excluded(path, 1, reason)]
            found = split_file(path, text)
    except Exception as error:
        return [LoadedFile.failed(path, *notes, _to_content_error(path, 1, error))]
    return [*found, *(LoadedFile(faults=(note.to_fault(path),)) for note in notes)]


def _replace_emoji(raw: RawArticle, context: SiteContext) -> RawArticle:
    """`raw`, in some sites with emoji for short codes in its text, title and summary."""
    if not (context.emoji_sites and raw.path.startswith(context.emoji_sites)):
        return raw
    entries = tuple(
        msgspec.structs.replace(entry, value=replace_emoji(entry.value, "markdown"))
        if isinstance(entry.value, str) and normal_key(entry.name) in _SHOWN_AS_TEXT
        else entry
        for entry in raw.entries
    )
    return msgspec.structs.replace(raw, entries=entries, text=replace_emoji(raw.text, raw.format))


def _with_site_keys(raw: RawArticle, context: SiteContext) -> tuple[Entry, ...]:
    """The entries as the site means them: under their usual names, and in Nikola with the status of tags."""
    entries = rename_site_keys(raw, context) if context.renamed_keys else raw.entries
    scheme = find_scheme(context.schemes, raw.path)
    return add_tag_status(entries) if scheme and scheme.has_tag_status else entries


def _read_languages(path: str, data: bytes, site: Site, context: SiteContext) -> Iterator[str]:
    """The languages that a file which is not UTF-8 may be in: its own, that of its path, of its site."""
    if stated := _STATED_LANGUAGE.search(data[:_LANGUAGE_BYTES]):
        yield (stated[1] or stated[2]).decode("ascii").replace("_", "-")
    language = read_path_metadata(path, context, site.zone).language
    default = find_defaults(context, path, language).get("lang")
    yield from filter(None, (language, written(default), site.language))


def _article_steps(raw: RawArticle, lookup: FileLookup, site: Site, context: SiteContext) -> ArticleSteps:
    """Everything that happens to one article, in order. Each `yield` ends a stage."""
    source = _read_source(raw, lookup, site, context)
    raw, fields, metadata = source.raw, source.fields, source.metadata
    if excluded := _find_exclusion(source):
        return excluded
    page_folders = find_page_folders(fields, raw, context, is_dated=metadata.date is not None)
    _report_ignored_metadata(source)
    scheme = find_scheme(context.schemes, raw.path)
    body = read_body(
        fields,
        raw,
        lookup,
        may_be_mdx=scheme is None or scheme.reads_mdx,
        is_note=find_vault(context.vaults, raw.path) is not None,
    )
    yield

    titled = title_body(fields, raw, body, metadata)
    omitted = tuple(omission_notes(titled.omissions, lambda omission: line_in_file(omission, raw, body.text)))
    yield

    article = build_article(source, body, titled, page_folders)
    if raw.named and has_only_title(article) and not fields.faults:
        if "{" in raw.text:
            return LoadedFile.excluded(raw.path, raw.line, "a page that consists of template code only")
        if raw.path in context.listing_pages:
            return LoadedFile.excluded(raw.path, raw.line, "a page that lists others: it has only a title")
    return _to_loaded_file(source, article, omitted)


def _read_source(raw: RawArticle, lookup: FileLookup, site: Site, context: SiteContext) -> ArticleSource:
    """Read the fields of the article, and its text as Markdown, HTML or plain text."""
    raw = _replace_emoji(add_metadata_file(raw, lookup), context)
    metadata = read_path_metadata(raw.path, context, site.zone) if raw.named else PathMetadata()
    if raw.scraped is not None:
        from service.content.scraping import read_scraped  # most folders need none of its vocabularies

        raw = read_scraped(raw, site, is_dated=metadata.date is not None)
    elif raw.format == "markdown" and (vault := find_vault(context.vaults, raw.path)):
        from service.content.shortcodes.obsidian import read_note  # few folders are vaults

        raw = read_note(raw, *vault)
    fields = Fields(
        _with_site_keys(raw, context),
        site.zone,
        folder_base(raw.path),
        find_defaults(context, raw.path, metadata.language)
        | read_template_data(raw.path, lookup, context.schemes),
        day_first=context.day_first,
    )
    return ArticleSource(raw, fields, metadata, lookup, site, context)


def _find_exclusion(source: ArticleSource) -> LoadedFile | None:
    """Why the article is not served, with the redirect that stands in its place; None if it is served."""
    raw, fields, metadata = source.raw, source.fields, source.metadata
    place = find_private_place(raw.path) or find_unset_publication(fields, raw.path)
    reason = place if place and not declares_public(fields) else find_status_exclusion(fields)
    if reason:
        return LoadedFile.excluded(raw.path, raw.line, reason, is_private=True)
    if redirect := read_redirect(fields, raw.path, metadata.name, source.site, source.context):
        own, reason = redirect
        return LoadedFile.excluded(raw.path, raw.line, reason, redirects=(own,) if own else ())
    if not raw.named:  # one record of many: the name of its file says nothing about it
        reason = find_visibility_exclusion(fields, raw.text, is_dated=False)
    else:
        reason = find_field_exclusion(
            fields,
            raw.path,
            raw.text,
            source.lookup,
            is_dated=metadata.date is not None,
            has_front_matter=_has_front_matter(raw),
            is_in_source=is_in_source(raw.path, source.context),
        )
    return LoadedFile.excluded(raw.path, raw.line, reason, is_private=is_private(fields)) if reason else None


def _report_ignored_metadata(source: ArticleSource) -> None:
    """Report keys that seem misspelled, and what looks like front matter but is none."""
    raw, fields, context = source.raw, source.fields, source.context
    report_misspelled_keys(fields, raw.entries, source.site.zone, context.custom_keys)
    report_misspelled_keys(fields, raw.unread, source.site.zone, context.custom_keys, META_NAMES)
    unread = find_unread_metadata(
        raw.scraped or raw.text, raw.text_line or raw.line, has_front_matter=_has_front_matter(raw)
    )
    report_unread_metadata(fields, unread)


def _has_front_matter(raw: RawArticle) -> bool:
    return bool(raw.entries) and raw.scraped is None


def _to_loaded_file(source: ArticleSource, article: Article, omitted: tuple[ContentError, ...]) -> LoadedFile:
    """The article, unless it has a fault, with everything that is reported about it."""
    raw, fields = source.raw, source.fields
    faults = list(fields.faults)
    if is_empty(article) and not faults:
        faults.append(ContentError(raw.line, "there is no article here: neither title nor text"))
    notes, receipts = (*fields.notes, *raw.notes), raw.receipts
    if raw.scraped is None:
        notes += omitted
    else:  # every saved page has scripts and styles: their removal is a receipt like any other
        receipts += tuple(Receipt(note.line, "", "page", note.message) for note in omitted)
    served = () if faults else (article,)
    return LoadedFile(
        articles=() if article.is_page else served,
        pages=served if article.is_page else (),
        faults=tuple([error.to_fault(raw.path) for error in (*faults, *notes)]),
        receipts=receipts,
        is_private=bool(faults),
    )


def _run_stages(runs: Sequence[_Run]) -> list[LoadedFile]:
    """Take all articles through one stage after the other; their results, in the same order.

    A failure affects no other article.
    """
    results: list[LoadedFile | None] = [None] * len(runs)
    while pending := [number for number, result in enumerate(results) if result is None]:
        for number in pending:
            run = runs[number]
            try:
                with run.limit:
                    try:
                        next(run.steps)
                    except StopIteration as stop:
                        results[number] = stop.value
            except Exception as error:
                path, line = run.raw.path, run.raw.line
                results[number] = LoadedFile.failed(path, _to_content_error(path, line, error))
    return [result for result in results if result]


def _to_content_error(path: str, line: int, error: Exception) -> ContentError:
    """The fault to report for `error`. One that is not about the content is logged with its traceback."""
    if isinstance(error, ContentError):
        return error
    log.error("%s:%d could not be read", path, line, exc_info=error)
    return ContentError(line, f"{INTERNAL_ERROR} ({type(error).__name__}); please report it, with the file")


def _join(found: Sequence[LoadedFile], lookup: FileLookup) -> LoadedFile:
    """The content of a file, joined from its parts; `lookup` has the files that it depends on."""
    return LoadedFile(
        articles=tuple([article for each in found for article in each.articles]),
        pages=tuple([page for each in found for page in each.pages]),
        faults=tuple(sorted({fault for each in found for fault in each.faults})),
        exclusions=tuple(sorted([exclusion for each in found for exclusion in each.exclusions])),
        redirects=tuple([redirect for each in found for redirect in each.redirects]),
        receipts=tuple([receipt for each in found for receipt in each.receipts]),
        dependencies=lookup.dependencies,
        is_private=any(each.is_private for each in found),
    )
