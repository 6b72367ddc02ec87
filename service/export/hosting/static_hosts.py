"""`_redirects` and `_headers`, which Netlify, Cloudflare Pages and others read, and pages that redirect."""

import html
from collections.abc import Iterator
from urllib.parse import urlsplit

from service.export.hosting.rules import DIRECTORIES, HostingRules
from service.markup import FILES
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, LISTING_PATHS
from service.web.addresses.legacy_redirects import (
    FEED_FILES,
    FEED_WORDS,
    FEEDS_BY_QUERY,
    FEEDS_OF_TAG,
    KINDS,
    SECTION_NAMES,
)

_JOINABLE = ("content-security-policy", "cross-origin-opener-policy", "permissions-policy", "x-robots-tag")
"""Headers of a page that do no harm where those of another document are joined to them."""

MOST_HEADER_RULES = 100
"""The number of rules in `_headers` that Cloudflare Pages reads, from the first on."""

_REDIRECT_PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>Moved</title>
<link rel="canonical" href="{0}">
<meta http-equiv="refresh" content="0; url={0}">
<p>Moved to <a href="{0}">{0}</a>.</p>
"""


def redirect_page(location: str) -> bytes:
    """A page that leads to `location`, for hosts that cannot redirect."""
    return _REDIRECT_PAGE.format(html.escape(location)).encode()


def redirects_file(rules: HostingRules) -> str:
    """`_redirects`: a line for each former address, then those of the feeds of other systems.

    The last ones are for all terms: Cloudflare Pages reads a hundred such lines, and applies the first match.
    The first ones have a parameter of the query string, which Netlify compares; others ignore these lines.
    """
    lines = [
        # With an exclamation mark also where there is a file, as there is at the address of the site.
        f"{rules.prefix}{path} {name}={word} {rules.prefix}{LISTING_PATHS[format_name]} 301!"
        for path, name in FEEDS_BY_QUERY.items()
        for word, format_name in FEED_WORDS.items()
    ]
    lines += [
        f"{rules.prefix}{address} {_path_of(location)} {status}"
        for address, (status, location) in sorted(rules.redirects.items())
    ]
    lines += [f"{rules.prefix}{source} {rules.prefix}{target} 301" for source, target in _feeds_of_others()]
    return "".join(f"{line}\n" for line in lines)


def _feeds_of_others() -> Iterator[tuple[str, str]]:
    """Addresses of feeds in other systems and here, `:name` where these have the slug of a term."""
    for file, format_name in FEED_FILES.items():
        for section in SECTION_NAMES:
            yield f"/{section}/{file}", LISTING_PATHS[format_name]
    for template, format_name in FEEDS_OF_TAG.items():
        if template.endswith("/{}"):  # a placeholder is the whole name
            target = f"{DIRECTORY_PATHS['tag']}/:name{LISTING_PATHS[format_name]}"
            yield template.format(":name"), target
    for word, kind in KINDS.items():
        for file, format_name in FEED_FILES.items():
            target = f"{DIRECTORY_PATHS[kind]}/:name{LISTING_PATHS[format_name]}"
            if target != f"/{word}/:name/{file}":
                yield f"/{word}/:name/{file}", target


def _path_of(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def headers_file(rules: HostingRules) -> str:
    """The headers that all addresses have, then those of each pattern."""
    lines: list[str] = []
    for path, headers in header_rules(rules).items():
        lines += [path, *(f"  {name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\n" for line in lines)


def header_rules(rules: HostingRules) -> dict[str, dict[str, str]]:
    """The rules of `_headers` by the paths they are for, in order; those of single pages are the last.

    The pattern of a page without suffix, `/articles/:name`, also finds addresses with one. Netlify takes the
    last value of a header, so these follow it. Cloudflare Pages joins all values: of policies both hold, and
    of what may be joined nothing else is said there. Neither needs `no-cache`, which pages without
    suffix have: they revalidate by themselves.
    """
    by_header = rules.by_header
    common = {
        name: next(iter(values))
        for name, of_header in by_header.items()
        if len(values := {*of_header.patterns.values(), *of_header.exceptions.values()}) == 1
    }
    patterns = dict.fromkeys(pattern for of_header in by_header.values() for pattern in of_header.patterns)
    found: dict[str, dict[str, str]] = {}
    for pattern in sorted(patterns, key=lambda pattern: (_is_single_page(pattern), "." in pattern, pattern)):
        if pattern.startswith(FILES):
            continue
        particular = {
            name: value
            for name, of_header in by_header.items()
            if name not in common and (value := of_header.patterns.get(pattern))
        }
        if pattern.endswith("/*"):
            particular = {name: particular[name] for name in _JOINABLE if name in particular}
        path = _placeholders(pattern)
        if found.setdefault(path, particular) != particular:
            found[path.replace(":kind", pattern.split("/")[1])] = particular
    found = {"/*": common, **_share_among_roots(found)}
    return {rules.prefix + path: headers for path, headers in found.items() if headers}


def _is_single_page(pattern: str) -> bool:
    """Whether it is the address of one page without a suffix, in no folder: there may be many of them."""
    return pattern.count("/") == 1 and "." not in pattern


def _share_among_roots(rules: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same rules; addresses in no folder with the same suffix share the headers they have in common."""
    shared: dict[str, dict[str, str]] = {}
    for suffix in ARTICLE_SUFFIXES.values():
        roots = [path for path in rules if path.count("/") == 1 and path.endswith(suffix)]
        common = dict(set.intersection(*(set(rules[path].items()) for path in roots))) if roots else {}
        shared[f"/:page{suffix}"] = dict(sorted(common.items()))
        for path in roots:
            rest = {name: value for name, value in rules[path].items() if name not in common}
            rules = {**rules, path: rest}
    return shared | rules


def _placeholders(pattern: str) -> str:
    """A pattern as `_headers` has it: `/tags/*/page/*.html` → `/:kind/:name/page/*.html`.

    Feeds and pages of all directories share a rule, because hosts take few.
    """
    *folders, last = pattern.split("/")
    names = [":name" if part == "*" else part for part in folders]
    if ":name" in names and names[1] in DIRECTORIES:
        names[1] = ":kind"
    return "/".join([*names, ":page" if last == "*" else last])
