"""Which articles are one text in several languages."""

from collections.abc import Iterable

from service.content.records import Claim

_Key = tuple[str, int]


def kindred(claims: Iterable[Claim]) -> dict[_Key, str]:
    """For each article with translations, by path and number, a name that it shares with them alone.

    Claims that share one of their `kin` belong together, unless two of them are in the same language: then
    that one says nothing, as a slug does that two articles of one year each have. The answer does not depend
    on the order of `claims`.
    """
    ordered = sorted(claims, key=_key)
    sharing: dict[str, list[Claim]] = {}
    for claim in ordered:
        for one in claim.kin:
            sharing.setdefault(one, []).append(claim)
    groups: dict[_Key, list[Claim]] = {}
    for one in sorted(sharing, key=_strength):
        together = sharing[one]
        if len(together) < 2 or not _distinct(together):
            continue
        known = {id(group): group for claim in together if (group := groups.get(_key(claim)))}
        joined = {_key(claim): claim for group in known.values() for claim in group}
        joined |= {_key(claim): claim for claim in together}
        members = sorted(joined.values(), key=_key)
        if _distinct(members):
            groups |= {_key(claim): members for claim in members}
    return {key: f"{members[0].path} {members[0].number}" for key, members in groups.items()}


def _key(claim: Claim) -> _Key:
    return claim.path, claim.number


def _strength(kin: str) -> tuple[int, str]:
    """A key of its own counts before the place, the place before a slug."""
    order = ("key ", "path ", "tree ", "slug ")
    return next((at for at, word in enumerate(order) if kin.startswith(word)), len(order)), kin


def _distinct(claims: list[Claim]) -> bool:
    return len({claim.language for claim in claims}) == len(claims)
