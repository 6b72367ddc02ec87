"""What a host has to do besides sending files: redirects and headers, in the forms that hosts read.

`_redirects` and `_headers` are read by Netlify, Cloudflare Pages and others; nginx includes the two files in
the marker folder, one in `http`, one in `server`.
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote, urlsplit

import msgspec

from service.export.file_names import Layout
from service.export.responses import Headers
from service.export.target import MARKER
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS

PROBLEM_PAGE = "/404.html"

_TYPE = "content-type"
_SENT_BY_HOSTS = frozenset(
    (_TYPE, "content-length", "content-encoding", "etag", "last-modified", "date", "vary", "accept-ranges")
)
_OF_ONE_ADDRESS = frozenset(("link", "content-location"))
"""Headers with a value for each address: hosts have no room for as many rules."""

_JOINABLE = (
    "content-security-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "x-robots-tag",
)
"""Headers of a page that do no harm where those of another document are joined to them."""

MOST_HEADER_RULES = 100
"""Of more rules in `_headers`, Cloudflare Pages reads the first ones."""

_DIRECTORIES = frozenset(path.removeprefix("/") for path in DIRECTORY_PATHS.values())


_REDIRECT_PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>Moved</title>
<link rel="canonical" href="{0}">
<meta http-equiv="refresh" content="0; url={0}">
<p>Moved to <a href="{0}">{0}</a>.</p>
"""


def hosted_headers(headers: Headers) -> Headers:
    """The headers of a response that a host does not make by itself, and its media type."""
    return tuple(
        (name, value)
        for name, value in headers
        if name == _TYPE or name not in _SENT_BY_HOSTS | _OF_ONE_ADDRESS
    )


_Differing = dict[str, dict[str, tuple[str, list[tuple[str, str]]]]]

_MOVED = (
    "set $broadsheet_asked $uri; if ($broadsheet_redirect) { return 301 $broadsheet_redirect$is_args$args; }"
)
_OTHERWISE = "@broadsheet_other"
"""The location of addresses without a file."""

_FINDS = "try_files "
"""Begins what finds a file whose name is not the address."""

_NO_FILE = f"{_FINDS}/{MARKER}/none {_OTHERWISE};"
"""For addresses that have none, whatever files there are."""


class HostingRules(msgspec.Struct, frozen=True):
    """The redirects and headers of an export; `prefix` is the path of its public URL.

    `pages_that_lead` are the names of the pages at former addresses, with their targets. `names` are the
    lists of terms as these are written, decoded, with the address that has the slug.
    """

    prefix: str
    redirects: dict[str, tuple[int, str]]
    by_header: dict[str, "HeaderRules"]
    pages_that_lead: dict[str, str] = {}
    names: dict[str, str] = {}


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
    elif len(folders) > 1 and folders[0] in _DIRECTORIES:
        folders[1] = "*"
    dot, suffix = last.rpartition(".")[1:]
    is_named = not folders or last.startswith("feed.")
    name = last if is_named and dot else f"*{dot}{suffix}" if dot else "*" if folders else last
    return "/" + "/".join([*folders, name])


def redirect_page(location: str) -> bytes:
    """A page that leads to `location`, for hosts that cannot redirect."""
    return _REDIRECT_PAGE.format(html.escape(location)).encode()


def hosting_files(rules: HostingRules, layout: Layout) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each file that configures a host."""
    yield "_redirects", _redirects(rules).encode()
    yield "_headers", _headers(rules).encode()
    differing = _find_differing(rules)
    yield f"{MARKER}/nginx-http.conf", _nginx_http(rules, differing).encode()
    yield f"{MARKER}/nginx-server.conf", _nginx_server(rules, differing, layout).encode()


def _redirects(rules: HostingRules) -> str:
    lines = [
        f"{rules.prefix}{address} {_path_of(location)} {status}"
        for address, (status, location) in sorted(rules.redirects.items())
    ]
    return "".join(f"{line}\n" for line in lines)


def _path_of(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _headers(rules: HostingRules) -> str:
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
        if pattern.startswith("/files/"):
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
    """The same rules, of which addresses in no folder with the same suffix share what they have in common."""
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
    if ":name" in names and names[1] in _DIRECTORIES:
        names[1] = ":kind"
    return "/".join([*names, ":page" if last == "*" else last])


def _nginx_http(rules: HostingRules, differing: _Differing) -> str:
    """Maps of the address, decoded and with the prefix, to its redirect and to headers that differ by it."""
    moved = {f"{rules.prefix}/{name}": location for name, location in rules.pages_that_lead.items()}
    moved |= {
        unquote(rules.prefix + address): location
        for address, (status, location) in sorted(rules.redirects.items())
        if status == 301
    }
    names = {rules.prefix + name: rules.prefix + address for name, address in rules.names.items()}
    maps = [
        _map("$broadsheet_asked", "broadsheet_redirect", "", _locations(moved), is_asked_again=True),
        _map("$broadsheet_asked", "broadsheet_list", "", _locations(names)),
    ]
    for name, by_pattern in differing.items():
        for pattern, (variable, values) in by_pattern.items() if name != _TYPE else ():
            rows = [(_quoted(unquote(rules.prefix + address)), _quoted(value)) for address, value in values]
            usual = rules.by_header[name].patterns[pattern]
            maps.append(_map("$broadsheet_address", variable, usual, rows))
    return "map_hash_bucket_size 1024;\nmap_hash_max_size 65536;\n" + "".join(maps)


def _nginx_server(rules: HostingRules, differing: _Differing, layout: Layout) -> str:
    """The locations, media types, headers and redirects of one server whose root has the export.

    A request costs what it costs with a configuration that is written by hand: each location has its own
    headers, because looking one up takes longer than an expression does. An address without a suffix in a
    folder needs no expression but those that fail at their first character, and only folders with former
    addresses look for redirects.
    """
    prefix, types = rules.prefix, rules.by_header[_TYPE]
    folders: dict[str, list[str]] = {"page": []}
    exact: dict[str, str] = {}
    for pattern, media_type in types.patterns.items():
        if "*" in pattern:
            folders.setdefault(pattern.split("/")[1], []).append(pattern)
        else:
            headers = _headers_of_pattern(rules, differing, pattern)
            finding = _finding(rules, pattern, media_type, layout)
            exact[pattern] = _location_content(media_type, headers, finding)
    for address, media_type in sorted(types.exceptions.items()):
        headers = _headers_of_address(rules, address)
        finding = _finding(rules, address, media_type, layout)
        exact[address] = _location_content(media_type, headers, finding)
    exact = {
        address: f"internal; {content}" if address == PROBLEM_PAGE else content
        for address, content in exact.items()
    }
    # The names of files are no addresses.
    hidden = [f"/{MARKER}", "/_headers", "/_redirects"]
    for address, content in exact.items():
        if _FINDS in content and address != "/":
            hidden.append(f"{address}/index" if layout == "folders" else f"{address}.html")
    lines = [
        f"location / {{ {_MOVED} {_FINDS}$uri {_OTHERWISE};",
        f"  {_hiding_compressed(types)}",
        "}",
        *_location_of_others(prefix),
        # The address that readers ask for may have another scheme or port than this server.
        "absolute_redirect off;",
        "gzip_static on;",
        "gzip_vary on;",
        "etag on;",
        f"error_page 404 {prefix}/404.html;",
        f"location ^~ {prefix}/{MARKER}/ {{ return 404; }}",
        f"location = {prefix}/index.html {{ return 301 {prefix}/$is_args$args; }}",
        *(
            f"location = {_quoted(unquote(prefix + address))} {{ return 404; }}"
            for address in hidden
            if address not in exact
        ),
    ]
    for address, (status, location) in rules.redirects.items():
        if status != 301:
            path = _quoted(unquote(prefix + address))
            lines.append(f"location = {path} {{ return {status} {_quoted(location)}; }}")
    for address, content in exact.items():
        lines.append(f"location = {_quoted(unquote(prefix + address))} {{ {content} }}")
        if _FINDS in content and layout == "folders" and address != "/":
            path = _quoted(unquote(f"{prefix}{address}/index.html"))
            target = _quoted(f"{prefix}{address}$is_args$args")
            lines.append(f"location = {path} {{ return 301 {target}; }}")
    for folder, patterns in folders.items():
        lines += _folder_location(rules, differing, layout, folder, patterns)
    return "\n".join(lines) + "\n"


def _folder_location(
    rules: HostingRules, differing: _Differing, layout: Layout, folder: str, patterns: list[str]
) -> Iterator[str]:
    """The location of the addresses in `folder`, as lines, with one for each of their patterns."""
    prefix, types = rules.prefix, rules.by_header[_TYPE]
    has_moved = any(address.startswith(f"/{folder}/") for address in rules.redirects)
    moved = f"{_MOVED} " if has_moved else ""
    elsewhere = f"{moved}{_NO_FILE}"
    below = f"^{re.escape(f'{prefix}/{folder}/')}[^/]++/"
    others = f"{moved}{_FINDS}$uri {_OTHERWISE}; {_hiding_compressed(types)}"
    of_pages, inner = "", []
    by_ending: dict[str, str] = {}
    for pattern in sorted(patterns, key=lambda pattern: (pattern.count("*"), pattern)):
        media_type = types.patterns[pattern]
        finding = _finding(rules, pattern, media_type, layout)
        headers = _headers_of_pattern(rules, differing, pattern)
        content = moved + _location_content(media_type, headers, finding)
        _, _, *parts = pattern.split("/")
        if parts in (["*"], ["**", "*"]):
            of_pages = others = content
        elif len(parts) == 1 or parts[0] == "**":
            by_ending[re.escape(parts[-1].removeprefix("*"))] = content
        else:
            inner.append(f'    location ~ "{_tail(parts)}" {{ {content} }}')
    yield f"location = {_quoted(f'{prefix}/{folder}/')} {{ {elsewhere} }}"
    yield f"location ^~ {_quoted(f'{prefix}/{folder}/')} {{"
    if folder == "page":
        # As the service answers pages of lists in other systems.
        old_page = f'"^{re.escape(prefix)}/page/[0-9]{{1,6}}$"'
        yield f"  location ~ {old_page} {{ return 301 {prefix}/$is_args$args; }}"
    if inner:
        yield from (f'  location ~ "{below}" {{', *inner, f"    {elsewhere}", "  }")
    elif r"\.html" in by_ending and layout == "folders":
        by_ending[r"\.html"] += f' location ~ "{below}" {{ {_NO_FILE} }}'
    endings = {ending: content for ending, content in by_ending.items() if content != of_pages}
    located = [f'location ~ "{ending}$" {{ {content} }}' for ending, content in endings.items()]
    if _FINDS in of_pages and endings:
        # So a page needs one expression, which fails at its first character.
        suffixes = "|".join(ending.removeprefix(r"\.") for ending in endings)
        located = [rf'location ~ "\.(?:{suffixes})$" {{', *located, "}"]
    yield from (f"  {line}" for line in located)
    yield f"  {others}"
    yield "}"


def _location_of_others(prefix: str) -> Iterator[str]:
    """The location of addresses without a file, as lines: some redirect to an address that has one.

    Slashes and `/index.html` at the end lead to the address without, the name of a term to its slug.
    """
    # Captures with a name, because nginx escapes $1 where the address was escaped.
    ending = rf'"^(?<broadsheet_bare>{re.escape(prefix)}/.*?[^/])(?:/index\.html|/+)$"'
    yield f"location {_OTHERWISE} {{"
    yield "  set $broadsheet_asked $uri;"
    yield f"  if ($uri ~ {ending}) {{ set $broadsheet_asked $broadsheet_bare; }}"
    yield "  if ($broadsheet_redirect) { return 301 $broadsheet_redirect$is_args$args; }"
    for found in ("", "/index.html", ".html"):
        file = f"$document_root$broadsheet_asked{found}"
        yield f"  if (-f {file}) {{ rewrite {ending} $1 permanent; }}"
    yield "  if ($broadsheet_list) { return 301 $broadsheet_list$is_args$args; }"
    yield "  return 404;"
    yield "}"


def _hiding_compressed(types: "HeaderRules") -> str:
    """A location of the compressed forms of documents: they have no addresses of their own."""
    addresses = (*types.patterns, *types.exceptions)
    suffixes = sorted({address.rpartition(".")[2] for address in addresses if "." in address})
    ending = "|".join(re.escape(suffix) for suffix in suffixes if suffix.isalnum())
    return f'location ~ "\\.(?:{ending})\\.(?:br|gz|zst)$" {{ return 404; }}'


def _tail(parts: list[str]) -> str:
    """The expression of the end of an address; `parts` are those of its pattern below the first folder."""
    expressions = {"*": "[^/]+"}
    *folders, last = parts[1:] if parts[0] == "*" else parts
    written = [expressions.get(part, re.escape(part)) for part in folders]
    star, suffix = last.startswith("*"), last.removeprefix("*")
    name = ("[^/]+" if suffix else "[^/.]+") if star else ""
    return "/" + "/".join([*written, f"{name}{re.escape(suffix)}$"])


def _find_differing(rules: HostingRules) -> _Differing:
    """By header and pattern, the variable with its values, and the addresses with another than the usual."""
    numbers = {pattern: number for number, pattern in enumerate(rules.by_header[_TYPE].patterns)}
    found: _Differing = {name: {} for name in rules.by_header}
    for name, of_header in rules.by_header.items():
        for address, value in sorted(of_header.exceptions.items()):
            pattern = pattern_of(address)
            variable = f"broadsheet_{name.replace('-', '_')}_{numbers[pattern]}"
            found[name].setdefault(pattern, (variable, []))[1].append((address, value))
    return found


def _headers_of_pattern(rules: HostingRules, differing: _Differing, pattern: str) -> dict[str, str]:
    """The headers of addresses of a pattern, quoted; a variable where they differ by the address."""
    headers = {}
    for name, of_header in rules.by_header.items():
        if pattern in differing[name]:
            headers[name] = f"${differing[name][pattern][0]}"
        elif value := of_header.patterns[pattern]:
            headers[name] = _quoted(value)
    return headers


def _headers_of_address(rules: HostingRules, address: str) -> dict[str, str]:
    pattern = pattern_of(address)
    values = {
        name: of_header.exceptions.get(address, of_header.patterns[pattern])
        for name, of_header in rules.by_header.items()
    }
    return {name: _quoted(value) for name, value in values.items() if value}


def _finding(rules: HostingRules, address: str, media_type: str, layout: Layout) -> str:
    """How nginx finds the file of an address of this media type, if it has another name."""
    if address == "/":
        return f"{_FINDS}{rules.prefix}/index.html =404;"
    has_own_name = address.endswith(".html") or address.startswith("/files/") or layout == "names"
    if has_own_name or not media_type.startswith("text/html"):
        return ""
    folder, _, name = address.rpartition("/")
    # The copy with a suffix has the same bytes; below an address with a slash at its end there is none.
    if layout == "files" or ("*" in name and f"{folder}/*.html" in rules.by_header[_TYPE].patterns):
        return f"{_FINDS}$uri.html {_OTHERWISE};"
    return f"{_FINDS}$uri/index.html {_OTHERWISE};"


def _location_content(media_type: str, headers: dict[str, str], finding: str) -> str:
    added = "".join(f"add_header {name} {value} always; " for name, value in headers.items() if name != _TYPE)
    # The address as it was asked for: a file that is found has another.
    asked = "set $broadsheet_address $uri; " if any(value[0] == "$" for value in headers.values()) else ""
    return f'{asked}types {{ }} default_type "{media_type}"; {added}{finding}'


def _locations(targets: dict[str, str]) -> list[tuple[str, str]]:
    """Rows of a map of paths, decoded, to targets. nginx ignores case, except in an expression."""
    spelled = Counter(map(str.lower, targets))
    return [
        (
            _quoted(path if spelled[path.lower()] == 1 else f"~^{re.escape(path)}$"),
            _quoted(target.replace("$", "%24")),
        )
        for path, target in targets.items()
    ]


def _map(
    source: str, variable: str, default: str, rows: list[tuple[str, str]], *, is_asked_again: bool = False
) -> str:
    """A map; one that is asked again in a request is looked up again."""
    body = "".join(f"  {key} {value};\n" for key, value in rows)
    again = "  volatile;\n" if is_asked_again else ""
    return f"map {source} ${variable} {{\n{again}  default {_quoted(default)};\n{body}}}\n"


def _quoted(text: str) -> str:
    """`text` as a parameter in a configuration of nginx."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
