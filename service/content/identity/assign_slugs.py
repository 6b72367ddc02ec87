"""Assignment of slugs and ids to articles; it depends on their claims alone, not on the order of these.

Claims that have no name in common do not affect each other (see `claimed_names`).
"""

import hashlib
from collections.abc import Container, Iterable, Iterator

import msgspec

from service.content.identity.ids import derive_id
from service.content.identity.slugs import MAX_SLUG_BYTES, shorten
from service.content.identity.translation_groups import group_translations
from service.content.records import AssignedIdentity, Claim
from service.errors import Fault
from service.model import Article, Site

_SHORTEST_DIGEST = 8

_Key = tuple[str, int]


def assign_slugs(claims: Iterable[Claim], site: Site) -> tuple[AssignedIdentity, ...]:
    """The slug and id of every article, in order of path and number, with a Fault for each conflict.

    Of several articles with one slug, one in the site's language keeps it, then the oldest; another becomes
    `slug-LANG` if its language differs, then `slug-DATE`, then `slug-HASH` of its path. Translations that
    share a slug are no conflict. Of several articles with one explicit id, the first by the same precedence
    keeps it; the others get an id derived from their slug.
    An id is derived from the language and the first slug, so an article in another language cannot take it;
    the article that declares a former slug keeps its id, then the article that keeps the slug.
    """
    ordered = sorted(claims, key=_key)
    unique, repeated_ids = _without_repeated_ids(ordered, site)
    groups = group_translations(unique)
    slugs, repeated_slugs = _assign_slugs(unique, groups, site)
    ids, taken_ids = _assign_ids(unique, {key: tried[-1] for key, tried in slugs.items()}, site)
    identities = []
    for claim in ordered:
        key = _key(claim)
        faults = [repeated_ids.get(key), repeated_slugs.get(key), taken_ids.get(key)]
        identities.append(
            AssignedIdentity(
                path=claim.path,
                number=claim.number,
                slug=slugs[key][-1],
                id=ids[key][-1],
                translation=groups.get(key),
                tried_slugs=slugs[key],
                tried_ids=ids[key],
                faults=tuple(sorted(filter(None, faults))),
            )
        )
    return tuple(identities)


def claimed_names(claim: Claim, site: Site, identity: AssignedIdentity | None) -> list[str]:
    """The names that a claim may have in common with others; those of its conflicts are known by `identity`.

    They are the slugs and ids that it asks for, and its translation keys. If no other claim has one of the
    names of some claims, these have the same identities among themselves as among all claims.
    """
    wanted_id = claim.id or derive_id(site, claim.language, claim.first_slug or claim.slug)
    slugs, ids = (identity.tried_slugs, identity.tried_ids) if identity else ((claim.slug,), ())
    return [
        *(f"slug {slug}" for slug in slugs),
        *(f"id {article_id}" for article_id in dict.fromkeys((wanted_id, *ids))),
        *(f"translation {key.kind} {key.key}" for key in claim.translation_keys),
    ]


def _key(claim: Claim) -> _Key:
    return claim.path, claim.number


def _without_repeated_ids(claims: list[Claim], site: Site) -> tuple[list[Claim], dict[_Key, Fault]]:
    """The claims in their order; of several with one id only the first in rank keeps it."""
    faults: dict[_Key, Fault] = {}
    by_id: dict[str, list[Claim]] = {}
    for claim in claims:
        by_id.setdefault(claim.id, []).append(claim)
    by_id.pop("", None)
    owners = {
        article_id: min(group, key=lambda claim: _rank(claim, site))
        for article_id, group in by_id.items()
        if len(group) > 1
    }
    if not owners:
        return claims, faults
    unique = []
    for claim in claims:
        owner = owners.get(claim.id, claim)
        if owner is not claim:
            message = f"id {claim.id!r} is already that of {_describe(owner)}; it gets another one"
            faults[_key(claim)] = Fault(claim.path, claim.number + 1, f"{message}; give it an id of its own")
            claim = msgspec.structs.replace(claim, id="")
        unique.append(claim)
    return unique, faults


def _assign_slugs(
    claims: list[Claim], translations: dict[_Key, str], site: Site
) -> tuple[dict[_Key, tuple[str, ...]], dict[_Key, Fault]]:
    """The slugs that each claim tried in turn, the assigned one last."""
    faults: dict[_Key, Fault] = {}
    by_slug: dict[str, list[Claim]] = {}
    for claim in claims:
        by_slug.setdefault(claim.slug, []).append(claim)
    contested = sorted(slug for slug, group in by_slug.items() if len(group) > 1)
    for slug in contested:
        by_slug[slug].sort(key=lambda claim: _rank(claim, site))
    tried: dict[_Key, tuple[str, ...]] = {_key(group[0]): (slug,) for slug, group in by_slug.items()}
    taken = set(by_slug)
    for owner, *others in map(by_slug.__getitem__, contested):
        for claim in others:
            key = _key(claim)
            has_other_language = claim.language != owner.language
            alternatives = _alternatives(claim, site, with_language=has_other_language)
            tried[key] = (claim.slug, *_until_free(alternatives, taken))
            slug = tried[key][-1]
            taken.add(slug)
            if key in translations and translations[key] == translations.get(_key(owner)):
                continue
            faults[key] = Fault(
                claim.path,
                claim.number + 1,
                f"slug {claim.slug!r} is already that of {_describe(owner)}; it is served as"
                f" {slug!r}; give it a slug of its own",
            )
    return tried, faults


def _until_free(names: Iterable[str], taken: Container[str]) -> Iterator[str]:
    """The `names` up to the first that is not taken."""
    for name in names:
        yield name
        if name not in taken:
            return


def _rank(claim: Claim, site: Site) -> tuple[int, bool, float, str, int]:
    """Precedence: the site's language, a variety of it, any other; then the oldest, undated last."""
    primary = site.language.partition("-")[0]
    is_same = claim.language == site.language
    is_variety = claim.language.partition("-")[0] == primary
    timestamp = claim.published.timestamp() if claim.published else 0.0
    order = 0 if is_same else 1 if is_variety else 2
    return (order, claim.published is None, timestamp, claim.path, claim.number)


def is_alternative_slug(slug: str, article: Article, site: Site) -> bool:
    """Whether `article` would be at `slug` if another article had the slug it is at."""
    return slug in _alternatives(article, site, with_language=True)


def _alternatives(article: Claim | Article, site: Site, *, with_language: bool) -> Iterator[str]:
    """The slugs for `article` if another has its own; the language is one if it differs from the other's."""
    if with_language:
        yield _add_suffix(article.slug, article.language.lower())
    if article.published:
        yield _add_suffix(article.slug, site.day(article.published).isoformat())
    digest = _digest(article.path, article.number)
    for length in range(_SHORTEST_DIGEST, len(digest) + 1):
        yield _add_suffix(article.slug, digest[:length])


def _digest(path: str, number: int) -> str:
    return hashlib.sha256(f"{path}\n{number}".encode()).hexdigest()


def _add_suffix(slug: str, suffix: str) -> str:
    return f"{shorten(slug, MAX_SLUG_BYTES - len(suffix) - 1)}-{suffix}"


def _assign_ids(
    claims: list[Claim], slugs: dict[_Key, str], site: Site
) -> tuple[dict[_Key, tuple[str, ...]], dict[_Key, Fault]]:
    """The ids that each claim tried, the last its own: given, or derived from its slug and free."""
    tried: dict[_Key, tuple[str, ...]] = {_key(claim): (claim.id,) for claim in claims if claim.id}
    faults: dict[_Key, Fault] = {}
    taken = {claim.id for claim in claims if claim.id}
    without_id = [claim for claim in claims if not claim.id]
    for claim in sorted(without_id, key=lambda claim: (claim.first_slug is None, _rank(claim, site))):
        key = _key(claim)
        derived = _derived_ids(claim, slugs[key], site)
        tried[key] = tuple(_until_free(derived, taken))
        taken.add(tried[key][-1])
        if tried[key][-1] == derived[-1]:
            message = f"the id made from its slug, {derived[0]!r}, is taken"
            message += f"; it is served as {derived[-1]!r}, write an `id:`"
            faults[key] = Fault(claim.path, claim.number + 1, message)
    return tried, faults


def _derived_ids(claim: Claim, slug: str, site: Site) -> list[str]:
    """The ids it may get, the preferred first; the last, made from its path too, is never taken."""
    preferred = derive_id(site, claim.language, claim.first_slug or claim.slug)
    # If another article has the slug it asked for, which is a Fault already, the id follows the assigned one.
    alternative = preferred if claim.first_slug else derive_id(site, claim.language, slug)
    digest = _digest(claim.path, claim.number)
    unique = derive_id(site, claim.language, f"{claim.first_slug or slug}/{digest}")
    return [preferred, alternative, unique]


def _describe(claim: Claim) -> str:
    return f"{claim.path}:{claim.number + 1}" if claim.number else claim.path
