"""Who gets which slug and id, settled by content alone: the same claims give the same answer in any order."""

import hashlib
from collections.abc import Iterable
from itertools import groupby

import msgspec

from service.content.identity.ids import derive_id
from service.content.identity.slugs import MAX_SLUG_BYTES, shorten
from service.content.identity.translation_groups import kindred
from service.content.records import Claim, Settled
from service.errors import Fault
from service.model import Site


def settle(claims: Iterable[Claim], site: Site) -> tuple[tuple[Settled, ...], tuple[Fault, ...]]:
    """The slug and id of every article, by path and number, and a Fault for each clash.

    Of several that wish for one slug, one in the site's language keeps it, then the oldest; another becomes
    `slug-LANG` where its language differs, then `slug-DATE`, then `slug-HASH` of its path. So too of several
    with the same given id: the others get one made of their slug, for to some blogs an id is a mere word.
    That translations share a slug is how blogs are made, no clash: it is not told.
    An id is made of the first slug in its language, so an article in another language takes nobody's id; who
    declares a former slug keeps the id made of it, then whoever keeps the slug.
    """
    faults: list[Fault] = []
    kept = _without_repeated_ids(sorted(claims, key=_place), site, faults)
    kin = kindred(kept)
    slugs = _slugs(kept, kin, site, faults)
    given = {claim.id for claim in kept if claim.id}
    taken = set(given)
    ids = {
        _place(claim): _id(claim, slugs[_place(claim)], site, taken, faults)
        for claim in sorted(kept, key=lambda claim: (claim.first_slug is None, _rank(claim, site)))
    }
    settled = [
        Settled(claim.path, claim.number, slugs[place], ids[place], kin.get(place))
        for claim, place in ((claim, _place(claim)) for claim in kept)
    ]
    return tuple(settled), tuple(sorted(faults))


def _place(claim: Claim) -> tuple[str, int]:
    return claim.path, claim.number


def _without_repeated_ids(claims: list[Claim], site: Site, faults: list[Fault]) -> list[Claim]:
    """The claims in their order; of those with one id all but the first in rank are without it."""
    owners: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: _rank(claim, site)):
        owners.setdefault(claim.id, claim)
    kept = []
    for claim in claims:
        owner = owners[claim.id]
        if claim.id and owner is not claim:
            told = f"id {claim.id!r} is already that of {_named(owner)}; this article gets another"
            faults.append(Fault(claim.path, 1, f"{told}, give it an id of its own"))
            claim = msgspec.structs.replace(claim, id="")
        kept.append(claim)
    return kept


def _slugs(
    claims: list[Claim], kin: dict[tuple[str, int], str], site: Site, faults: list[Fault]
) -> dict[tuple[str, int], str]:
    wished = sorted(claims, key=lambda claim: (claim.slug, _rank(claim, site)))
    groups = [list(group) for _, group in groupby(wished, key=lambda claim: claim.slug)]
    slugs = {_place(group[0]): group[0].slug for group in groups}
    taken = set(slugs.values())
    for keeper, *others in groups:
        for claim in others:
            slug = next(slug for slug in _alternatives(claim, keeper, site) if slug not in taken)
            taken.add(slug)
            slugs[_place(claim)] = slug
            if _place(claim) in kin and kin[_place(claim)] == kin.get(_place(keeper)):
                continue
            faults.append(
                Fault(
                    claim.path,
                    1,
                    f"slug {claim.slug!r} is already that of {_named(keeper)}; this article is served as"
                    f" {slug!r}, give it a slug of its own",
                )
            )
    return slugs


def _rank(claim: Claim, site: Site) -> tuple[int, bool, float, str, int]:
    """Who goes first: the site's language, a variety of it, any other; then the oldest, undated ones last."""
    primary = site.language.partition("-")[0]
    same = claim.language == site.language
    related = claim.language.partition("-")[0] == primary
    age = claim.published.timestamp() if claim.published else 0.0
    return (0 if same else 1 if related else 2, claim.published is None, age, claim.path, claim.number)


def _alternatives(claim: Claim, keeper: Claim, site: Site) -> Iterable[str]:
    if claim.language != keeper.language:
        yield _joined(claim.slug, claim.language.lower())
    if claim.published:
        yield _joined(claim.slug, site.day(claim.published).isoformat())
    digest = hashlib.sha256(f"{claim.path}\n{claim.number}".encode()).hexdigest()
    for length in range(8, len(digest) + 1):
        yield _joined(claim.slug, digest[:length])


def _joined(slug: str, ending: str) -> str:
    return f"{shorten(slug, MAX_SLUG_BYTES - len(ending) - 1)}-{ending}"


def _id(claim: Claim, slug: str, site: Site, taken: set[str], faults: list[Fault]) -> str:
    if claim.id:
        return claim.id
    wished = derive_id(site, claim.language, claim.first_slug or claim.slug)
    # Another has the slug it wishes for, which is told already: the one it got instead says who it is.
    instead = wished if claim.first_slug else derive_id(site, claim.language, slug)
    for one in (wished, instead):
        if one not in taken:
            taken.add(one)
            return one
    digest = hashlib.sha256(f"{claim.path}\n{claim.number}".encode()).hexdigest()
    other = derive_id(site, claim.language, f"{claim.first_slug or slug}/{digest}")
    taken.add(other)
    message = f"the id made from its slug, {wished!r}, is taken; it is served as {other!r}, write an `id:`"
    faults.append(Fault(claim.path, 1, message))
    return other


def _named(claim: Claim) -> str:
    return f"{claim.path} (number {claim.number + 1})" if claim.number else claim.path
