"""Addresses of articles in the old state, and what they lead to in the new index."""

from enum import Enum

from service.cli.compare.differences import SiteDifference
from service.cli.compare.matching import Matched, Pair
from service.content.identity.rename_advice import advise_alias
from service.errors import Gone, NotFound
from service.index import Index


class _Missing(Enum):
    """Why an address leads to no article."""

    GONE = "410"
    NOT_FOUND = "404"


async def find_broken_addresses(matched: Matched, index: Index) -> list[SiteDifference]:
    """Addresses of articles present in both states that would lead nowhere or to another article.

    Raises IndexUnavailable.
    """
    differences = []
    for pair in matched.pairs:
        if pair.old.standing != "visible" or pair.new.standing == "scheduled":
            continue
        expected = pair.new.slug if pair.new.standing == "visible" else _Missing.GONE
        for address in dict.fromkeys((pair.old.slug, *pair.old.former)):
            reached = await _find_slug(index, address)
            if reached != expected:
                differences.append(_difference(pair, address, reached))
    return differences


async def find_removed_pages(pages: Matched, index: Index) -> list[SiteDifference]:
    """The pages that are in the earlier state only, and whose address would not be found.

    Raises IndexUnavailable.
    """
    return [
        SiteDifference(
            page.where,
            "page",
            f"the page {page.slug} would be removed; add `aliases: [{page.slug}]` to what replaces it, or"
            " keep its file with `withdrawn: REASON`",
        )
        for page in pages.missing
        if isinstance(await _find_slug(index, page.slug), _Missing)
    ]


async def _find_slug(index: Index, address: str) -> str | _Missing:
    """The slug of the article at `address`."""
    try:
        article = await index.find_article(address)
    except NotFound:
        return _Missing.NOT_FOUND
    except Gone:
        return _Missing.GONE
    return article.slug


def _difference(pair: Pair, address: str, reached: str | _Missing) -> SiteDifference:
    shown = address if address.startswith("/") else f"/articles/{address}"
    is_another = isinstance(reached, str)
    target = f"would lead to another article, {reached!r}" if is_another else "would not be found"
    advice = advise_alias(address, pair.new.aliases)
    return SiteDifference(pair.new.where, "address", f"its address {shown} {target}; {advice}")
