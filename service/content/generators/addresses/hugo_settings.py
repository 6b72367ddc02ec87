"""What Hugo's settings say of addresses: patterns by section, languages and their folders."""

from collections.abc import Iterable
from typing import Any

from service.content.generators.addresses.hugo import Hugo, Rule, read
from service.content.generators.addresses.pattern import keep_pattern
from service.content.generators.addresses.settings import below, path_of, plain_table, table, text_of, truth

_KINDS = frozenset({"page", "section", "taxonomy", "term"})
_MOST_RULES = 100


def hugo_scheme(folder: str, known: dict[str, Any], pages: Iterable[str], wrong: list[str]) -> Hugo:
    """The scheme of a site by its settings, all files of them together.

    `pages` are the paths of the pages of sections (`_index.md`); what cannot be used is told as `wrong`.
    """
    default = (text_of(known.get("defaultcontentlanguage")) or "en").lower()
    below_default = truth(known.get("defaultcontentlanguageinsubdir"))
    languages = {code.lower(): plain_table(said) for code, said in table(known.get("languages")).items()}
    several = bool(languages) and all("baseurl" in said for said in languages.values())
    prefixes = {default: f"/{default}" if below_default and languages else ""}
    prefixes |= {code: f"/{code}" for code in languages if code != default}
    content = text_of(known.get("contentdir")) or "content"
    given = [(text_of(said.get("contentdir")), code) for code, said in languages.items()]
    given += [(place, code or default) for place, code in _mounts(plain_table(known.get("module")))]
    roots = {_place(folder, content): default}
    roots |= {_place(folder, place): code for place, code in given if place}
    rules = [*_rules(known.get("permalinks"), None, wrong)]
    for code, said in languages.items():
        rules = [*_rules(said.get("permalinks"), code, wrong), *rules]
    ugly = known.get("uglyurls")
    dates = plain_table(known.get("frontmatter")).get("date")
    listed = tuple(sorted(roots.items(), key=lambda root: (-len(root[0]), root)))
    inside = (below(root, path.rpartition("/")[0]) for path in pages for root, _ in listed)
    return Hugo(
        folder=folder,
        base=path_of(known.get("baseurl")),
        roots=listed,
        prefixes=dict.fromkeys(prefixes, "") if several else prefixes,
        rules=tuple(rules),
        sections=tuple(sorted({place for place in inside if place and "/" in place})) if rules else (),
        ugly=tuple(sorted(name for name, is_ugly in table(ugly).items() if truth(is_ugly)))
        or (("",) if truth(ugly) else ()),
        cased=truth(known.get("disablepathtolower")),
        plain=truth(known.get("removepathaccents")),
        dated=isinstance(dates, list) and ":filename" in dates,
    )


def _mounts(module: dict[str, Any]) -> list[tuple[str, str]]:
    """The folders mounted as content, each with its language or ""; not those outside of the site."""
    mounts = module.get("mounts")
    listed = [plain_table(one) for one in mounts[:_MOST_RULES]] if isinstance(mounts, list) else []
    said = [
        (text_of(one.get("source")), text_of(one.get("lang")).lower(), one.get("target")) for one in listed
    ]
    return [
        (place, code) for place, code, target in said if target == "content" and ".." not in place.split("/")
    ]


def _rules(value: Any, language: str | None, wrong: list[str]) -> list[Rule]:
    """The patterns of pages by section, the narrower section first; a list has targets, the first holds."""
    if isinstance(value, list):
        return [rule for one in value[:_MOST_RULES] for rule in _aimed(plain_table(one), language, wrong)]
    both = table(value)
    flat = {name: pattern for name, pattern in both.items() if name.lower() not in _KINDS}
    named = [(name.strip(" /"), pattern) for name, pattern in (flat | table(both.get("page"))).items()]
    return [
        Rule(section, keep_pattern(f"permalinks.{section or '/'}", pattern, read, wrong), language)
        for section, pattern in sorted(named, key=lambda rule: -len(rule[0]))[:_MOST_RULES]
    ]


def _aimed(one: dict[str, Any], language: str | None, wrong: list[str]) -> list[Rule]:
    """The rules of one pattern with its target: for each section and each language that this names."""
    target = plain_table(one.get("target"))
    if "page" not in (text_of(target.get("kind")) or "page"):
        return []
    pattern = keep_pattern("permalinks", one.get("pattern"), read, wrong)
    matrix = plain_table(plain_table(target.get("sites")).get("matrix"))
    spoken = matrix.get("languages", target.get("lang"))
    languages = [text_of(code).lower() for code in (spoken if isinstance(spoken, list) else [spoken])]
    globs = text_of(target.get("path")).strip("{}").split(",")
    sections = dict.fromkeys(glob.strip("/ ").rstrip("*").strip("/") or "*" for glob in globs)
    return [Rule(section, pattern, code or language) for section in sections for code in languages]


def _place(folder: str, name: str) -> str:
    return "/".join(part for part in (folder, name.strip().removeprefix("./").strip("/")) if part)
