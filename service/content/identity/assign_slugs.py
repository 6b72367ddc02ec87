"""Assignment of slugs and ids to articles; it depends on their claims alone, not on the order of these."""

import hashlib
from collections.abc import Iterable
from itertools import groupby

import msgspec

from service.content.identity.ids import derive_id
from service.content.identity.slugs import MAX_SLUG_BYTES, shorten
from service.content.identity.translation_groups import group_translations
from service.content.records import AssignedIdentity, Claim
from service.errors import Fault
from service.model import Site


def assign_slugs(
    claims: Iterable[Claim], site: Site
) -> tuple[tuple[AssignedIdentity, ...], tuple[Fault, ...]]:
    """The slug and id of every article, by path and number, and a Fault for each conflict.

    Of several articles with one slug, one in the site's language keeps it, then the oldest; another becomes
    `slug-LANG` if its language differs, then `slug-DATE`, then `slug-HASH` of its path. Translations that
    share a slug are no conflict. Of several articles with one explicit id, the first by the same precedence
    keeps it; the others get an id derived from their slug.
    An id is derived from the language and the first slug, so an article in another language cannot take it;
    the article that declares a former slug keeps its id, then the article that keeps the slug.
    """
    unique, repeated_ids = _without_repeated_ids(sorted(claims, key=_key), site)
    groups = group_translations(unique)
    slugs, repeated_slugs = _assign_slugs(unique, groups, site)
    ids, taken_ids = _assign_ids(unique, slugs, site)
    identities = [
        AssignedIdentity(claim.path, claim.number, slugs[key], ids[key], groups.get(key))
        for claim, key in ((claim, _key(claim)) for claim in unique)
    ]
    return tuple(identities), tuple(sorted((*repeated_ids, *repeated_slugs, *taken_ids)))


def _key(claim: Claim) -> tuple[str, int]:
    return claim.path, claim.number


def _without_repeated_ids(claims: list[Claim], site: Site) -> tuple[list[Claim], list[Fault]]:
    """The claims in their order; of several with one id only the first in rank keeps it."""
    faults: list[Fault] = []
    owners: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: _rank(claim, site)):
        owners.setdefault(claim.id, claim)
    unique = []
    for claim in claims:
        owner = owners[claim.id]
        if claim.id and owner is not claim:
            message = f"id {claim.id!r} is already that of {_describe(owner)}; it gets another one"
            faults.append(Fault(claim.path, 1, f"{message}; give it an id of its own"))
            claim = msgspec.structs.replace(claim, id="")
        unique.append(claim)
    return unique, faults


def _assign_slugs(
    claims: list[Claim], translations: dict[tuple[str, int], str], site: Site
) -> tuple[dict[tuple[str, int], str], list[Fault]]:
    faults: list[Fault] = []
    ordered = sorted(claims, key=lambda claim: (claim.slug, _rank(claim, site)))
    groups = [list(group) for _, group in groupby(ordered, key=lambda claim: claim.slug)]
    slugs = {_key(group[0]): group[0].slug for group in groups}
    taken = set(slugs.values())
    for owner, *others in groups:
        for claim in others:
            slug = next(slug for slug in _alternatives(claim, owner, site) if slug not in taken)
            taken.add(slug)
            slugs[_key(claim)] = slug
            if _key(claim) in translations and translations[_key(claim)] == translations.get(_key(owner)):
                continue
            faults.append(
                Fault(
                    claim.path,
                    1,
                    f"slug {claim.slug!r} is already that of {_describe(owner)}; this article is served as"
                    f" {slug!r}; give it a slug of its own",
                )
            )
    return slugs, faults


def _rank(claim: Claim, site: Site) -> tuple[int, bool, float, str, int]:
    """Precedence: the site's language, a variety of it, any other; then the oldest, undated last."""
    primary = site.language.partition("-")[0]
    is_same = claim.language == site.language
    is_variety = claim.language.partition("-")[0] == primary
    timestamp = claim.published.timestamp() if claim.published else 0.0
    order = 0 if is_same else 1 if is_variety else 2
    return (order, claim.published is None, timestamp, claim.path, claim.number)


def _alternatives(claim: Claim, owner: Claim, site: Site) -> Iterable[str]:
    if claim.language != owner.language:
        yield _add_suffix(claim.slug, claim.language.lower())
    if claim.published:
        yield _add_suffix(claim.slug, site.day(claim.published).isoformat())
    digest = hashlib.sha256(f"{claim.path}\n{claim.number}".encode()).hexdigest()
    for length in range(8, len(digest) + 1):
        yield _add_suffix(claim.slug, digest[:length])


def _add_suffix(slug: str, suffix: str) -> str:
    return f"{shorten(slug, MAX_SLUG_BYTES - len(suffix) - 1)}-{suffix}"


def _assign_ids(
    claims: list[Claim], slugs: dict[tuple[str, int], str], site: Site
) -> tuple[dict[tuple[str, int], str], list[Fault]]:
    """The id of each claim: its own, or one derived from its slug that no other claim has."""
    ids: dict[tuple[str, int], str] = {}
    faults: list[Fault] = []
    taken = {claim.id for claim in claims if claim.id}
    for claim in sorted(claims, key=lambda claim: (claim.first_slug is None, _rank(claim, site))):
        preferred, *others = [claim.id] if claim.id else _derived_ids(claim, slugs[_key(claim)], site)
        ids[_key(claim)] = claim.id or next(
            derived for derived in (preferred, *others) if derived not in taken
        )
        taken.add(ids[_key(claim)])
        if others and ids[_key(claim)] == others[-1]:
            message = f"the id made from its slug, {preferred!r}, is taken"
            advice = f"it is served as {others[-1]!r}, write an `id:`"
            faults.append(Fault(claim.path, 1, f"{message}; {advice}"))
    return ids, faults


def _derived_ids(claim: Claim, slug: str, site: Site) -> list[str]:
    """The ids it may get, the preferred first; the last, made from its path too, is never taken."""
    preferred = derive_id(site, claim.language, claim.first_slug or claim.slug)
    # If another article has the slug it asked for, which is a Fault already, the id follows the assigned one.
    alternative = preferred if claim.first_slug else derive_id(site, claim.language, slug)
    digest = hashlib.sha256(f"{claim.path}\n{claim.number}".encode()).hexdigest()
    unique = derive_id(site, claim.language, f"{claim.first_slug or slug}/{digest}")
    return [preferred, alternative, unique]


def _describe(claim: Claim) -> str:
    return f"{claim.path} (number {claim.number + 1})" if claim.number else claim.path
