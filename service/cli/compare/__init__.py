"""`broadsheet check --against OLD`: what a deploy would do to those who have subscribed already.

OLD is an index built before, as a file or `sqlite:///…`, or a running site, as `https://…`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator

import msgspec

from service.cli.compare.addresses import broken
from service.cli.compare.findings import Difference, Kind, dates, identities, settled_before
from service.cli.compare.matching import Matched, match
from service.cli.compare.site import walk
from service.errors import IndexUnavailable, SettingsError
from service.index import ArticleSnapshot, Index, read_inventory
from service.model import Site
from service.query import Query

FIRST_DOCUMENT = 50
"""What a reader fetches at once: the articles of a feed's first document."""

__all__ = ["Comparison", "compare"]


class Comparison(msgspec.Struct, frozen=True):
    """What was found, by place, and what it comes to in one sentence."""

    findings: tuple[Difference, ...]
    sentence: str


def compare(old: str, new: str, site: Site) -> Comparison:
    """The state of the site in the index at the URL `new`, held against an earlier one, `old`.

    Raises SettingsError when `old` cannot be read, IndexUnavailable when `new` cannot.
    """
    before = tuple(one for one in _read(old) if one.standing != "scheduled")
    matched = match(before, read_inventory(new))
    settled = settled_before(before)
    addresses, newest = asyncio.run(_ask(matched, new))
    found = [*identities(matched, site), *dates(matched, site, settled), *addresses]
    again = {pair.new.id for pair in matched.pairs if pair.old.id != pair.new.id}
    return Comparison(tuple(sorted(found, key=_in_order)), _sentence(found, len(again & newest)))


def _in_order(finding: Difference) -> tuple[str, int, Difference]:
    """By path and line, the tenth after the second."""
    path, _, line = finding.where.rpartition(":")
    return path, int(line) if line.isdecimal() else 0, finding


def _read(old: str) -> Iterator[ArticleSnapshot]:
    if old.startswith(("http://", "https://")):
        return walk(old)
    return _census(old if ":" in old.partition("/")[0] else f"sqlite:///{old}")


def _census(url: str) -> Iterator[ArticleSnapshot]:
    try:
        yield from read_inventory(url)
    except IndexUnavailable as error:
        raise SettingsError((f"--against: {error}",)) from error


async def _ask(matched: Matched, url: str) -> tuple[list[Difference], set[str]]:
    """Addresses that would break, and the ids that readers would fetch first."""
    index = Index(url)
    try:
        page = await index.find(Query(), FIRST_DOCUMENT)
        return await broken(matched, index), {article.id for article in page.articles}
    finally:
        await index.close()


_SAID: tuple[tuple[Kind, str, str], ...] = (
    ("lost", "lose {} without a word", "article"),
    ("address", "break {}", "address"),
    ("date", "move {}", "date"),
    ("untold", "leave {} untold", "change"),
)


def _sentence(findings: list[Difference], at_once: int) -> str:
    counts = Counter(finding.kind for finding in findings)
    duplicates = counts["duplicate"]
    if not findings:
        return "A deploy of this would show no subscriber a duplicate, and break no address."
    shown = f"show each subscriber {_counted(duplicates, 'duplicate')}"
    if duplicates:
        shown += f" ({at_once} of them at once, in the main feed's first {FIRST_DOCUMENT})"
    said = [how.format(_counted(counts[kind], noun)) for kind, how, noun in _SAID if counts[kind]]
    *most, last = [shown, *said]
    return f"A deploy of this would {', '.join(most)}{' and ' if most else ''}{last}."


def _counted(number: int, noun: str) -> str:
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number or 'no'} {noun}{ending}"
