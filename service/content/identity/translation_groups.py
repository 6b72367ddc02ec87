"""Groups of articles that are translations of each other."""

from collections.abc import Iterable

from service.content.records import Claim
from service.model import TranslationKey

_Key = tuple[str, int]


def group_translations(claims: Iterable[Claim]) -> dict[_Key, str]:
    """For each article with translations, by path and number, a name that only its group has.

    Claims that share one of their translation keys belong together, unless two of them have the same
    language: then that key is ignored, such as a slug that two articles in one language have. The result does
    not depend on the order of `claims`.
    """
    sharing: dict[TranslationKey, list[Claim]] = {}
    for claim in sorted(claims, key=_key):
        for key in claim.translation_keys:
            sharing.setdefault(key, []).append(claim)
    groups: dict[_Key, list[Claim]] = {}
    shared = [(key, claimants) for key, claimants in sharing.items() if _are_translations(claimants)]
    for _, claimants in sorted(shared, key=lambda item: _precedence(item[0])):
        known = {id(group): group for claim in claimants if (group := groups.get(_key(claim)))}
        merged = {_key(claim): claim for group in known.values() for claim in group}
        merged |= {_key(claim): claim for claim in claimants}
        members = sorted(merged.values(), key=_key)
        if _are_translations(members):
            groups |= {_key(claim): members for claim in members}
    return {key: f"{members[0].path} {members[0].number}" for key, members in groups.items()}


def _key(claim: Claim) -> _Key:
    return claim.path, claim.number


def _precedence(key: TranslationKey) -> tuple[int, str]:
    """A declared key counts before a group, that before the path, the path before a slug."""
    return ("declared", "group", "path", "tree", "slug").index(key.kind), key.key


def _are_translations(claims: list[Claim]) -> bool:
    """Whether there are several, each in another language."""
    return len(claims) > 1 and len({claim.language for claim in claims}) == len(claims)
