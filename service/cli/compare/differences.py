"""Differences between two states of a site that readers would notice, or that no feed reports to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from service.cli.compare.matching import Matched, Pair
from service.content.identity.rename_advice import advise_rename
from service.errors import printable
from service.index import ArticleSnapshot
from service.model import Site
from service.urls import rfc3339

Kind = Literal["duplicate", "lost", "page", "address", "date", "unreported"]

ARCHIVE_DELAY = timedelta(days=7)
"""Archive documents may still change for articles that are less than this older than the newest change."""


class SiteDifference(msgspec.Struct, frozen=True, order=True):
    """One difference; `where` is `path:line`, or an address if no file is known."""

    where: str
    kind: Kind
    message: str

    def __str__(self) -> str:
        return f"{printable(self.where)}: {self.message}"


def find_identity_changes(matched: Matched, site: Site) -> Iterator[SiteDifference]:
    """Ids that change or vanish: readers would show an article twice, or keep it for ever."""
    for pair in matched.pairs:
        old, new = pair.old, pair.new
        if old.id == new.id:
            continue
        change = f"its id was {old.id} and would be {new.id}"
        advice = _advise_rename(pair, site)
        if new.standing == "visible":
            message = f"{change}: readers would show it a second time; {advice}"
            yield SiteDifference(new.where, "duplicate", message)
        elif old.standing == "visible":
            message = f"{change}: readers would not be told that it is {new.standing}; {advice}"
            yield SiteDifference(new.where, "lost", message)
    for article in matched.missing:
        name = f"{article.title!r} ({article.id})"
        if article.standing == "visible":
            stub = f"`id: {article.id}`, `slug: {article.slug}`, `withdrawn: REASON`"
            message = (
                f"{name} would be removed without notice, and readers would keep it; leave a stub: {stub}"
            )
        else:
            message = f"{name} was {article.standing}, and feeds would no longer report it; keep its file"
        yield SiteDifference(article.where, "lost", message)


def find_date_changes(matched: Matched, site: Site, archive_end: datetime | None) -> Iterator[SiteDifference]:
    """Dates that change, and changes up to `archive_end`, which archive documents would not report."""
    for pair in matched.pairs:
        old, new = pair.old, pair.new
        is_unreported = _is_unreported(new, site, archive_end)
        if old.standing == "visible" and new.standing == "scheduled":
            until = _day(new.published)
            message = f"it is published and would disappear until {until}; restore its date"
            yield SiteDifference(new.where, "date", message)
        elif old.published != new.published and {old.standing, new.standing} == {"visible"}:
            message = f"its date was {_day(old.published)} and would be {_day(new.published)}"
            if is_unreported:
                message += f"; {_advise_update(archive_end, '`updated:`')}"
            yield SiteDifference(new.where, "date", message)
        elif old.id == new.id and is_unreported and (change := _describe_change(pair)):
            advice = _advise_update(archive_end, _date_key(new))
            yield SiteDifference(new.where, "unreported", f"{change}; {advice}")
    for article in matched.added:
        if article.standing == "visible" and _is_unreported(article, site, archive_end):
            advice = _advise_update(archive_end, _date_key(article))
            message = f"it is new, but dated {_day(article.changed)}; {advice}"
            yield SiteDifference(article.where, "unreported", message)


def find_archive_end(old: tuple[ArticleSnapshot, ...]) -> datetime | None:
    """The instant up to which archive documents no longer change: seven days before the newest change."""
    changes = [article.changed for article in old if article.changed and article.standing != "scheduled"]
    return max(changes) - ARCHIVE_DELAY if changes else None


def _advise_rename(pair: Pair, site: Site) -> str:
    old, new = pair.old, pair.new
    return advise_rename(
        site,
        was_id=old.id,
        was_slug=old.slug,
        language=new.language,
        slug=new.slug,
        aliases=new.aliases,
        explicit=new.declares_id,
    )


def _describe_change(pair: Pair) -> str:
    """The change of an article that readers know; "" if they would see none."""
    old, new = pair.old, pair.new
    if old.standing != new.standing:
        return f"it was {old.standing} and would be {new.standing}, dated {_day(new.changed)}"
    if new.standing != "visible":
        return ""
    parts = ["its text"] if old.words != new.words else []
    parts += ["its tags"] if old.tags != new.tags else []
    return f"{' and '.join(parts)} changed, but not its date {_day(new.changed)}" if parts else ""


def _is_unreported(article: ArticleSnapshot, site: Site, archive_end: datetime | None) -> bool:
    return archive_end is not None and (article.changed or site.epoch) <= archive_end


def _date_key(article: ArticleSnapshot) -> str:
    """The key to add, so that the archive reports the article."""
    keys = {"withdrawn": "`at:` to `withdrawn`", "expired": "a later `expires:`"}
    return keys.get(article.standing, "`updated:`")


def _advise_update(archive_end: datetime | None, key: str) -> str:
    return f"readers that follow the archive see only what changed after {_day(archive_end)}: add {key}"


def _day(moment: datetime | None) -> str:
    if moment is None:
        return "undated"
    return rfc3339(moment).removesuffix("T00:00:00Z")
