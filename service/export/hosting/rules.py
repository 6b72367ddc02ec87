"""The redirects and headers that a host must send, by patterns of addresses."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import msgspec

from service.export.responses import Headers
from service.urls import DIRECTORY_PATHS

PROBLEM_PAGE = "/404.html"
MEDIA_TYPE = "content-type"
DIRECTORIES = frozenset(path.removeprefix("/") for path in DIRECTORY_PATHS.values())

_SENT_BY_HOSTS = frozenset(
    (
        "content-length",
        "content-encoding",
        "etag",
        "last-modified",
        "date",
        "vary",
        "accept-ranges",
    )
)
_OF_ONE_ADDRESS = frozenset(("link", "content-location"))
"""Headers with a value for each address: hosts have no room for as many rules."""

_LEFT_OUT = _SENT_BY_HOSTS | _OF_ONE_ADDRESS


def hosted_headers(headers: Headers) -> Headers:
    """The headers of a response that a host does not make by itself, and its media type."""
    return tuple((name, value) for name, value in headers if name not in _LEFT_OUT)


class HostingRules(msgspec.Struct, frozen=True):
    """The redirects and headers of an export; `prefix` is the path of its public URL.

    `pages_that_lead` are the names of the pages at former addresses, with their targets. `names` are the
    lists of terms as these are written, decoded, with the address that has the slug. `redirect_ages` are
    the values of `cache-control` of redirects, by their address or a folder; "" has that of all others.
    """

    prefix: str
    redirects: dict[str, tuple[int, str]]
    by_header: dict[str, "HeaderRules"]
    pages_that_lead: dict[str, str] = {}
    names: dict[str, str] = {}
    redirect_ages: dict[str, str] = {}


class HeaderRules(msgspec.Struct, frozen=True):
    """The values of one header: the one that most addresses of a pattern have, and all others.

    `patterns` and `exceptions` map a pattern, or an address, to the value; "" stands for no header.
    """

    patterns: dict[str, str]
    exceptions: dict[str, str]


def find_header_rules(read_headers: Callable[[], Iterable[tuple[str, Headers]]]) -> dict[str, HeaderRules]:
    """The rules of each header; `read_headers` gives the address and the headers of each response."""
    counted: defaultdict[str, Counter[Headers]] = defaultdict(Counter)
    for address, headers in read_headers():
        counted[pattern_of(address)][headers] += 1
    names = sorted({name for counts in counted.values() for headers in counts for name, _ in headers})
    rules = {name: HeaderRules({}, {}) for name in names}
    exceptions: dict[tuple[str, Headers], list[tuple[str, str]]] = {}
    for pattern, counts in counted.items():
        for name in names:
            values: Counter[str] = Counter()
            for headers, count in counts.items():
                values[dict(headers).get(name, "")] += count
            rules[name].patterns[pattern] = values.most_common(1)[0][0]
        for headers in counts:
            given = dict(headers)
            exceptions[pattern, headers] = [
                (name, given.get(name, ""))
                for name in names
                if given.get(name, "") != rules[name].patterns[pattern]
            ]
    for address, headers in read_headers():
        for name, value in exceptions[pattern_of(address), headers]:
            rules[name].exceptions[address] = value
    return rules


def pattern_of(address: str) -> str:
    """The pattern of addresses like this one: `/tags/*/page/*.html`; feeds keep their name."""
    *folders, last = address.split("/")[1:]
    if folders and folders[0] == "files":
        folders = ["files", "**"]
    elif len(folders) > 1 and folders[0] in DIRECTORIES:
        folders[1] = "*"
    elif folders[:2] == ["assets", "pagefind"] and len(folders) > 2:
        folders[2] = "*"  # a part of the search
    dot, suffix = last.rpartition(".")[1:]
    is_named = not folders or last.startswith("feed.")
    name = last if is_named and dot else f"*{dot}{suffix}" if dot else "*" if folders else last
    return "/" + "/".join([*folders, name])
