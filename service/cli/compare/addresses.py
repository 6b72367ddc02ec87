"""Addresses that led to an article before: where they would lead now, asked of the index itself."""

from service.cli.compare.findings import Difference
from service.cli.compare.matching import Matched, Pair
from service.content.identity.rename_advice import advise_alias
from service.errors import Gone, NotFound
from service.index import Index


async def broken(matched: Matched, index: Index) -> list[Difference]:
    """Every address of an article that is still there which would lead nowhere, or to another article.

    Raises IndexUnavailable.
    """
    found = []
    for pair in matched.pairs:
        if pair.old.standing != "visible" or pair.new.standing == "scheduled":
            continue
        wanted = pair.new.slug if pair.new.standing == "visible" else _TOLD
        for address in dict.fromkeys((pair.old.slug, *pair.old.former)):
            reached = await _reached(index, address)
            if reached != wanted:
                found.append(_finding(pair, address, reached))
    return found


_TOLD = "\0gone, and said so"


async def _reached(index: Index, address: str) -> str | None:
    """The slug of the article at `address`, None for nothing, `_TOLD` where it is told that it went."""
    try:
        found = await index.find_article(address)
    except NotFound:
        return None
    except Gone:
        return _TOLD
    return found.slug


def _finding(pair: Pair, address: str, reached: str | None) -> Difference:
    shown = address if address.startswith("/") else f"/articles/{address}"
    another = reached is not None and reached != _TOLD
    leads = f"would lead to another article, {reached!r}" if another else "would lead nowhere"
    line = advise_alias(address, pair.new.aliases)
    return Difference(pair.new.where, "address", f"its address {shown} {leads}; {line}")
