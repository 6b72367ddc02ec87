"""The dates of an article: publication and update, with the precision in which they are stated."""

import re
from datetime import date, datetime
from typing import Any

import msgspec

from service.content.dates.date_field import AmbiguousDateError
from service.content.dates.date_text import ParsedDate
from service.content.fields.field_reader import Fields, members
from service.content.front_matter.values import Entry, written
from service.model import Site, Span

PUBLISHED = tuple(
    """
    published date publish_date publishdate pubdate pub_date published_at publishedat published_on
    date_published datepublished published_date publisheddate published_time publishedtime pubdatetime
    posted posted_at postedat posted_on post_date created created_at createdat date_created
    """.split()
)
_UPDATED = tuple(
    """
    updated lastmod modified last_modified last_modified_at updated_at updatedat updateddate date_modified
    datemodified date_updated modified_at last_updated lastupdated last_update moddatetime modified_date
    modifieddate modified_time modifiedtime update_date updatedate updated_on modified_on edited_on
    """.split()
)
# An article is public from the latest of these dates, whatever its `date` says: Hugo's
# (https://gohugo.io/content-management/front-matter/), and those that say when an embargo ends.
_RELEASED = tuple(
    """
    publishdate publish_date pubdate pub_date publish_on publishon publish_at publishat publish_after
    publishafter scheduled_for scheduledfor scheduled_at scheduledat embargo embargo_until embargountil
    embargoed_until embargo_date pubdatetime go_live golive go_live_date golivedate go_live_at visible_from
    publish_from publishfrom show_after not_before
    """.split()
)
# The keys of a map of dates, as in Material for MkDocs: `date: {created: …, updated: …}`.
_CREATED_IN_MAP = ("published", "created", "date")
_UPDATED_IN_MAP = ("updated", "modified")
# Eleventy takes these dates from the file system or the repository; they are not read here.
_ELEVENTY_DATES = frozenset({"created", "last modified", "git created", "git last modified"})
CERTAINLY_PAST = date(2026, 1, 1)
"""Earlier than this version, so that a day before it has passed whenever an article is loaded."""

_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?=[T\s]+(?!\d{1,2}:\d))")
_LENGTHS: dict[Span | None, int] = {"year": len("2017"), "month": len("2015-07"), "day": len("2015-07-01")}


class ArticleDates(msgspec.Struct, frozen=True):
    """`published` and `updated` are None where they are not stated; each is the first instant of its span."""

    published: datetime | None = None
    published_within: Span | None = None
    updated: datetime | None = None
    updated_within: Span | None = None


def read_dates(fields: Fields, in_path: datetime | None, site: Site) -> ArticleDates:
    """Read the dates; `in_path` is the day in the path, for an article that states none of its own.

    An invalid date of publication is replaced by that day, or by the day it begins with; else it is a fault,
    since it decides when the article is served. One that may mean several days, all of which have passed, is
    reported, and the article has none. An update before the publication is reported.
    """
    publication = fields.take(*PUBLISHED)
    published, published_within = _read_publication(fields, publication, in_path, site)
    release = _read_release(fields)
    if release and (published is None or release.instant > published):
        published, published_within = release.instant, release.within
    update = fields.take(*_UPDATED)
    if update is None and publication and isinstance(publication.value, dict):
        update = Entry(publication.name, publication.line, _pick(publication.value, _UPDATED_IN_MAP))
    updated, updated_within = _read_update(fields, update)
    if update and updated and published and _precedes(updated, updated_within, published, site):
        message = (
            f"{update.name} is {site.day(updated)}, before the date of publication, {site.day(published)}"
        )
        fields.note(update, message, harmless=True)
    return ArticleDates(published, published_within, updated, updated_within)


def _read_publication(
    fields: Fields, entry: Entry | None, in_path: datetime | None, site: Site
) -> tuple[datetime | None, Span | None]:
    path_date: tuple[datetime | None, Span | None] = (in_path, "day" if in_path else None)
    if entry is None:
        return path_date
    value = entry.value
    if isinstance(value, str) and value.strip().lower() in _ELEVENTY_DATES:
        return path_date
    if isinstance(value, dict):
        value = _pick(value, _CREATED_IN_MAP) or value
    try:
        parsed = fields.date_or_error(entry, value, entry.name)
    except AmbiguousDateError as error:
        if in_path is not None and site.day(in_path) in error.days:
            return path_date
        # One that may be in the future must not be public before its day.
        report = fields.drop_value if max(error.days) < CERTAINLY_PAST else fields.exclude_article
        report(entry, str(error))
        return path_date
    except ValueError as error:
        if in_path is None and (day := _DAY.match(written(value) or "")):
            path_date = (fields.instant_or_none(entry, day.group(), entry.name), "day")
        # An invalid default is ignored; it must not exclude all articles of its folder. A word (`tomorrow`,
        # `nein`) may mean that the article is not to be published on the day of its path.
        is_word = not any(character.isdecimal() for character in written(value) or "")
        is_usable = path_date[0] is not None and not is_word
        report = fields.note if is_usable or fields.is_default(entry) else fields.exclude_article
        report(entry, str(error))
        return path_date
    return (parsed.instant, parsed.within) if parsed else path_date


def _read_release(fields: Fields) -> ParsedDate | None:
    """The date before which the article is not public; an invalid one is a fault, as with `date`."""
    releases: list[ParsedDate] = []
    for entry in filter(None, map(fields.find, fields.among(_RELEASED))):
        if entry.value is False:
            continue
        try:
            release = fields.date_or_error(entry, entry.value, entry.name)
        except ValueError as error:
            report = fields.note if fields.is_default(entry) else fields.exclude_article
            report(entry, str(error))
        else:
            releases += [release] if release else []
    return max(releases, key=lambda release: release.instant, default=None)


def _read_update(fields: Fields, entry: Entry | None) -> tuple[datetime | None, Span | None]:
    if entry is None or entry.value is False:
        return None, None
    value = entry.value
    if isinstance(value, dict):
        # A map without a date cannot be used.
        value = _pick(value, ("date", *_UPDATED_IN_MAP)) or value
    parsed = fields.date_or_none(entry, value, entry.name)
    return (parsed.instant, parsed.within) if parsed else (None, None)


def _pick(dates: dict[str, Any], names: tuple[str, ...]) -> Any:
    known = members(dates)
    return next((known[name] for name in names if name in known), None)


def _precedes(updated: datetime, within: Span | None, published: datetime, site: Site) -> bool:
    """Whether the whole span of `updated` is before `published`."""
    if within is None:
        return updated < published
    length = _LENGTHS[within]
    return site.day(updated).isoformat()[:length] < site.day(published).isoformat()[:length]
