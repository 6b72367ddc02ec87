"""Which language a file is in, as its name, its folder and its front matter say."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from service.model import language_tag

_CODES = frozenset(
    """
    af am ar as ast az be bg bn br bs ca ceb ckb cs cy da de dsb el en eo es et eu fa fi fil fo fr
    fy ga gd gl gu haw he hi hr hsb ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv
    mg mi mk ml mn mr ms mt my nb ne nl nn no oc or pa pl ps pt rm ro ru rw sa sd si sk sl sn so sq
    sr su sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi wo xh yi yo yue zh zu
    """.split()
)
_COUNTRY_CODES = "cn=zh-CN cz=cs dk=da gr=el jp=ja kr=ko ua=uk"
"""Codes of countries that are used for a language with another code."""

_NAMES = dict(
    pair.split("=")
    for pair in f"""
    {_COUNTRY_CODES}
    العربية=ar 中文=zh 日本語=ja 简体中文=zh-CN 繁體中文=zh-TW 한국어=ko русский=ru
    українська=uk arabic=ar bengali=bn bulgarian=bg catalan=ca chinese=zh croatian=hr czech=cs danish=da
    deutsch=de dutch=nl english=en
    español=es espanol=es estonian=et finnish=fi français=fr francais=fr french=fr german=de greek=el
    hebrew=he hindi=hi hungarian=hu indonesian=id italian=it italiano=it japanese=ja korean=ko
    norwegian=no persian=fa polish=pl portuguese=pt português=pt romanian=ro russian=ru serbian=sr
    slovak=sk slovenian=sl spanish=es swedish=sv thai=th turkish=tr ukrainian=uk urdu=ur vietnamese=vi
    """.split()
)
_SHAPE = re.compile(r"([A-Za-z]{2,3})((?:[-_](?:[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}))*)")
# RFC 5646 §2.1, with the "irregular" and "regular" tags that have no form of their own.
_WELL_FORMED = re.compile(
    r"""(?P<primary>[a-z]{2,3})(?:-[a-z]{3}){0,3}
    (?:-(?P<script>[a-z]{4}))?
    (?:-(?P<region>[a-z]{2}|[0-9]{3}))?
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*
    (?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*
    (?:-x(?:-[a-z0-9]{1,8})+)?
    |x(?:-[a-z0-9]{1,8})+
    |i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
    |art-lojban|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)|zh-min""",
    re.VERBOSE,
)
_PRIVATE_USE = re.compile(r"q[a-t][a-z]")
_HOLDERS = frozenset(
    {"i18n", "_i18n", "l10n", "lang", "langs", "languages", "locale", "locales", "translations"}
)
_INDEX = re.compile(r"_?index\.[^/]*")
# Hugo's `content.fr` next to `content`.
_SUFFIXED = re.compile(
    r"(content|posts?|blog|docs|articles|pages)[._-]([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?)"
)


def named_language(name: str) -> str | None:
    """The language tag for the name of a folder or a suffix: `zh_tw` → `zh-TW`, `French` → `fr`.

    None for codes that are unlikely to be languages here, such as `js` or `io`.
    """
    if name.lower() in _NAMES:
        return _NAMES[name.lower()]
    shape = _SHAPE.fullmatch(name)
    if shape is None or shape[1].lower() not in _CODES:
        return None
    subtags = filter(None, re.split("[-_]", shape[2]))
    return language_tag(name) if all(map(_is_registered, subtags)) else None


@lru_cache(maxsize=256)
def _is_registered(subtag: str) -> bool:
    """Whether a script (ISO 15924) or region (ISO 3166, UN M49) is in the registry of language subtags."""
    names = Locale("en")
    if len(subtag) == len("Latn"):
        return subtag.title() in names.scripts
    return subtag.upper() in names.territories or subtag.upper() == "UK"  # written for GB


@lru_cache(maxsize=1024)  # a site has a few, one an article
def stated_language(text: str) -> str | None:
    """The tag in a field such as `lang`: a tag, a locale (`en_US.UTF-8`) or the English name of a language.

    None where it is none: a tag is well-formed (RFC 5646 §2.1), and its language, script and region are
    registered. `Python` has the form of a tag, but no language has five letters.
    """
    stripped = text.strip()
    known = _NAMES.get(stripped.lower())
    if known:
        return known
    tag = language_tag(re.sub(r"(?:\.[A-Za-z0-9-]+)?(?:@[A-Za-z0-9]+)?$", "", stripped))
    parts = _WELL_FORMED.fullmatch(tag.lower()) if tag else None
    if parts is None:
        return None
    subtags = filter(None, (parts["script"], parts["region"]))
    is_registered = parts["primary"] is None or _is_language(parts["primary"])
    return tag if is_registered and all(map(_is_registered, subtags)) else None


def _is_language(subtag: str) -> bool:
    """Whether a language (ISO 639) is in the registry, as far as CLDR (Unicode) contains it."""
    return subtag in _registered_languages() or bool(_PRIVATE_USE.fullmatch(subtag))


@lru_cache(maxsize=1)
def _registered_languages() -> frozenset[str]:
    likely = (locale.partition("_")[0] for locale in get_global("likely_subtags"))
    return frozenset((*Locale("en").languages, *get_global("language_aliases"), *likely))


def language_folders(paths: Sequence[str], folders_of_articles: Iterable[str]) -> dict[str, str]:
    """The folders around `paths` that hold one language, with its tag.

    A name alone proves nothing (`it`, `ml` and `cs` are topics too). It counts in a folder such as `i18n`,
    next to English or nothing but other languages, or where the same file lies below two of them, or next to
    one.
    """
    children: dict[str, list[str]] = {}
    for folder in folders_of_articles:
        children.setdefault(folder.rpartition("/")[0], []).append(folder)
    found: dict[str, str] = {}
    for parent, folders in children.items():
        coded = {folder: tag for folder in folders if (tag := named_language(folder.rpartition("/")[2]))}
        found |= _suffixed(folders)
        if coded and (_holds(parent) or _certain(coded, folders) or _mirrored(coded, paths, parent)):
            found |= coded
        else:
            found |= {folder: tag for folder, tag in coded.items() if "-" in tag and _has_region(folder)}
    return found


@lru_cache(maxsize=1024)
def is_language_name(name: str) -> bool:
    """Whether a folder of this name may hold one language."""
    return named_language(name) is not None or unsuffixed(name) is not None


def are_certain_languages(parent: str, named: Iterable[str]) -> bool:
    """Whether the folders `named` as languages in `parent` are languages, whatever files they contain."""
    coded = {folder: tag for folder in named if (tag := named_language(folder.rpartition("/")[2]))}
    return _holds(parent) or _certain(coded, [])


def _holds(parent: str) -> bool:
    return parent.rpartition("/")[2].lower() in _HOLDERS


def _certain(coded: dict[str, str], folders: list[str]) -> bool:
    """Whether there are no other folders, or one is English, which names no topic or country."""
    english = any(tag.partition("-")[0] == "en" for tag in coded.values())
    return len(coded) > 1 and (english or len(coded) == len(folders))


def _suffixed(folders: list[str]) -> dict[str, str]:
    """Folders such as `content.fr` next to `content`, or next to others of its languages."""
    named = {folder: parts for folder in folders if (parts := _SUFFIXED.fullmatch(folder.rpartition("/")[2]))}
    stems = [folder.rpartition("/")[2] for folder in folders] + [parts[1] for parts in named.values()]
    return {
        folder: tag
        for folder, parts in named.items()
        if stems.count(parts[1]) > 1 and (tag := named_language(parts[2]))
    }


def unsuffixed(name: str) -> str | None:
    """`content` of the folder `content.fr`; None for a folder named after its language only."""
    parts = _SUFFIXED.fullmatch(name)
    return parts[1] if parts else None


def _mirrored(coded: dict[str, str], paths: Sequence[str], parent: str) -> bool:
    """Whether the same file, other than an index, lies in two of the folders `coded`, or next to them."""
    start = f"{parent}/" if parent else ""
    others: set[str] = set()
    names: dict[str, set[str]] = {folder: set() for folder in sorted(coded)}
    for path in paths:
        if path.startswith(start):
            child, _, below = path[len(start) :].partition("/")
            own = names.get(start + child)
            if own is None:
                others.add(path[len(start) :])
            elif not _INDEX.fullmatch(below):
                own.add(below)
    for own in names.values():
        if own & others:
            return True
        others |= own
    return False


def _has_region(folder: str) -> bool:
    """Whether the name has the form of a locale, `pt_BR` or `zh-CN`, unlike `my-pc`."""
    name = folder.rpartition("/")[2]
    return "_" in name or any(part.isupper() for part in name.split("-")[1:]) or name.startswith("zh-")
