"""What readers would notice wrongly, or not be told of, were one state of a site to follow another."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from service.cli.compare.matching import Matched, Pair
from service.content.identity.rename_advice import advise_rename
from service.index import ArticleSnapshot
from service.model import Site
from service.urls import instant

Kind = Literal["duplicate", "lost", "address", "date", "untold"]

SETTLING = timedelta(days=7)
"""What is younger than this, counted from the newest change, has not settled in the archive documents yet."""


class Difference(msgspec.Struct, frozen=True, order=True):
    """One thing that would go wrong; `where` is `path:line`, or an address where no file is known."""

    where: str
    kind: Kind
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def identities(matched: Matched, site: Site) -> Iterator[Difference]:
    """Ids that change or vanish: every one is a duplicate, or an article that stays in readers for ever."""
    for pair in matched.pairs:
        old, new = pair.old, pair.new
        if old.id == new.id:
            continue
        wrong = f"its id was {old.id} and would be {new.id}"
        if new.standing == "visible":
            told = f"{wrong}: readers would show it a second time"
            yield Difference(new.where, "duplicate", f"{told}; {_declaration(pair, site)}")
        elif old.standing == "visible":
            told = f"{wrong}: readers would not be told that it is {new.standing}"
            yield Difference(new.where, "lost", f"{told}; {_declaration(pair, site)}")
    for one in matched.missing:
        if one.standing == "visible":
            told = f"{one.title!r} ({one.id}) would vanish without a word, and readers keep it"
            stub = f"leave a stub: `id: {one.id}`, `slug: {one.slug}`, `withdrawn: REASON`"
            yield Difference(one.where, "lost", f"{told}; {stub}")
        else:
            told = f"{one.title!r} ({one.id}) was {one.standing}, and nothing says so any more"
            yield Difference(one.where, "lost", f"{told}; keep its file")


def dates(matched: Matched, site: Site, settled: datetime | None) -> Iterator[Difference]:
    """Dates that jump, and changes that archive documents would not tell: dated `settled` or before."""
    for pair in matched.pairs:
        old, new = pair.old, pair.new
        if old.standing == "visible" and new.standing == "scheduled":
            told = f"it is published, and would disappear until {_day(new.published)}"
            yield Difference(new.where, "date", f"{told}; give it its date again")
        elif old.published != new.published and {old.standing, new.standing} == {"visible"}:
            told = f"its date was {_day(old.published)} and would be {_day(new.published)}"
            if _untold(new, site, settled):
                told += f"; readers that walk the archive are told only of {_since(settled)}: add `updated:`"
            yield Difference(new.where, "date", told)
        elif old.id == new.id and (said := _silent(pair)) and _untold(new, site, settled):
            yield Difference(new.where, "untold", f"{said} {_advice(new, settled)}")
    for one in matched.added:
        if one.standing == "visible" and _untold(one, site, settled):
            told = f"it is new, but dated {_day(one.changed)};"
            yield Difference(one.where, "untold", f"{told} {_advice(one, settled)}")


def settled_before(old: tuple[ArticleSnapshot, ...]) -> datetime | None:
    """What archive documents tell lies after this: the newest change less seven days."""
    known = [one.changed for one in old if one.changed and one.standing != "scheduled"]
    return max(known) - SETTLING if known else None


def _declaration(pair: Pair, site: Site) -> str:
    old, new = pair.old, pair.new
    return advise_rename(
        site,
        was_id=old.id,
        was_slug=old.slug,
        language=new.language,
        slug=new.slug,
        aliases=new.aliases,
        explicit=new.given,
    )


def _silent(pair: Pair) -> str:
    """What is different of an article that readers know, in words; "" for nothing they would see."""
    old, new = pair.old, pair.new
    if old.standing != new.standing:
        return f"it was {old.standing} and would be {new.standing}, dated {_day(new.changed)};"
    if new.standing != "visible":
        return ""
    changed = ["its text"] if old.words != new.words else []
    changed += ["its tags"] if old.tags != new.tags else []
    return f"{' and '.join(changed)} changed, but not its date {_day(new.changed)};" if changed else ""


def _untold(one: ArticleSnapshot, site: Site, settled: datetime | None) -> bool:
    return settled is not None and (one.changed or site.epoch) <= settled


def _advice(one: ArticleSnapshot, settled: datetime | None) -> str:
    line = {"withdrawn": "`at:` to `withdrawn`", "expired": "a later `expires:`"}.get(
        one.standing, "`updated:`"
    )
    return f"readers that walk the archive are told only of {_since(settled)}: add {line}"


def _since(settled: datetime | None) -> str:
    return f"what changed after {_day(settled)}"


def _day(moment: datetime | None) -> str:
    if moment is None:
        return "undated"
    return instant(moment).removesuffix("T00:00:00Z")
