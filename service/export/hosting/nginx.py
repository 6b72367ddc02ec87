"""The configuration of nginx for an export: one file to include in `http`, one in `server`.

A request costs about what it costs with a configuration that is written by hand: each location has its own
headers, because looking one up takes longer than an expression does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

import msgspec

from service.export.addresses import lower_ascii
from service.export.file_names import Layout
from service.export.hosting.rules import DIRECTORIES, MEDIA_TYPE, PROBLEM_PAGE, HostingRules, pattern_of
from service.export.targets.target import MARKER
from service.markup import FILES
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, LISTING_PATHS, SUBSCRIBE_PATH
from service.web.addresses.legacy_redirects import (
    FEED_FILES,
    FEED_WORDS,
    FEEDS_BY_QUERY,
    FEEDS_OF_TAG,
    KINDS,
    SECTION_NAMES,
    WHOLE_FEEDS,
)

_REDIRECT_FROM_FORMER = (
    "if ($broadsheet_redirect) {"
    " add_header cache-control $broadsheet_age; return 301 $broadsheet_redirect$is_args$args; }"
)
_MOVED = f"set $broadsheet_asked $uri; {_REDIRECT_FROM_FORMER} "
_OTHERWISE = "@broadsheet_other"
"""The location of addresses without a file."""

_FINDS = "try_files "
"""Begins what finds a file whose name is not the address."""

_ELSE_OTHERS = f"error_page 404 = {_OTHERWISE};"
"""For addresses whose file has their name."""

_NO_FILE = f"{_FINDS}/{MARKER}/none {_OTHERWISE};"
"""For addresses that have none, whatever files there are."""

_RANKS = {"json": 1, "html": 2}
"""The places of locations by suffix: feeds are requested most, copies of pages least."""

_FEEDS_BY_QUERY = [(path, parameter) for path, parameter in FEEDS_BY_QUERY.items() if path != "/"]
"""Those at addresses without a file."""

Headers = tuple[tuple[str, str], ...]


class NginxFiles(msgspec.Struct, frozen=True):
    """The files to include in `http` and in `server`."""

    http: str
    server: str


class _Differing(msgspec.Struct, frozen=True):
    """Headers that differ by the address: the variable of each header and pattern, and the map of each."""

    variables: dict[tuple[str, str], str]
    maps: dict[str, tuple[str, dict[str, str]]]


class _Group(msgspec.Struct, frozen=True):
    """Addresses that have equal headers, and patterns equal to `stem` except for the suffix.

    `media_types` are by suffix, "" where there is none. `finding` is how the file is found.
    """

    stem: str
    media_types: dict[str, str]
    headers: Headers
    finding: str

    @property
    def is_named(self) -> bool:
        """Whether the files all have the same name, as feeds have."""
        return "*" not in self.stem.rpartition("/")[2]

    @property
    def is_direct(self) -> bool:
        """Whether the addresses are in the folder itself, or its folders are not distinguished."""
        return self.stem.count("/") == 2 or "**" in self.stem

    def __bool__(self) -> bool:
        return bool(self.media_types)

    def only(self, suffixes: Collection[str]) -> "_Group":
        """The addresses of the group with these suffixes: it is false if there are none."""
        media_types = {suffix: name for suffix, name in self.media_types.items() if suffix in suffixes}
        return msgspec.structs.replace(self, media_types=media_types)


def write_nginx_files(rules: HostingRules, layout: Layout) -> NginxFiles:
    differing = _find_differing(rules)
    return NginxFiles(_http(rules, differing), _server(rules, differing, layout))


def _http(rules: HostingRules, differing: _Differing) -> str:
    """Maps of the address, decoded and with the prefix, to its redirect and to headers that differ by it."""
    moved = {f"{rules.prefix}/{name}": location for name, location in rules.pages_that_lead.items()}
    moved |= {
        unquote(rules.prefix + address): location
        for address, (status, location) in sorted(rules.redirects.items())
        if status == 301
    }
    known = {rules.prefix + name: address for name, address in rules.names.items()}
    ages = {unquote(rules.prefix + address): age for address, age in rules.redirect_ages.items() if address}
    age_rows = _rows({path: age for path, age in ages.items() if not path.endswith("/")})
    age_rows += [
        (_quoted(f"~^{re.escape(path)}"), _quoted(ages[path])) for path in ages if path.endswith("/")
    ]
    maps = [
        _map(
            "$broadsheet_asked",
            "broadsheet_age",
            rules.redirect_ages.get("", ""),
            age_rows,
            is_asked_again=True,
        ),
        _map("$broadsheet_asked", "broadsheet_redirect", "", _locations(moved), is_asked_again=True),
        _map("$broadsheet_asked", "broadsheet_known", "", _locations(known), is_asked_again=True),
    ]
    for variable, (usual, values) in differing.maps.items():
        rows = _rows({unquote(rules.prefix + address): value for address, value in values.items()})
        maps.append(_map("$broadsheet_address", variable, usual, rows))
    return "map_hash_bucket_size 1024;\nmap_hash_max_size 65536;\n" + "".join(maps)


def _server(rules: HostingRules, differing: _Differing, layout: Layout) -> str:
    """The locations, media types, headers and redirects of one server whose root has the export."""
    prefix = rules.prefix
    exact = _exact_locations(rules, differing, layout)
    folders: dict[str, list[str]] = {"page": []}
    for pattern in rules.by_header[MEDIA_TYPE].patterns:
        if "*" in pattern:
            folders.setdefault(pattern.split("/")[1], []).append(pattern)
    # The names of files are no addresses.
    hidden = [f"/{MARKER}", "/_headers", "/_redirects"]
    for address, content in exact.items():
        if _FINDS in content and address != "/":
            hidden.append(f"{address}/index" if layout == "folders" else f"{address}.html")
    lines = [
        f"location / {{ {_MOVED}{_FINDS}$uri {_OTHERWISE};",
        f"  {_hiding_compressed(rules)}",
        "}",
        *_location_of_others(rules),
        # The address that readers ask for may have another scheme or port than this server.
        "absolute_redirect off;",
        "gzip_static on;",
        "gzip_vary on;",
        "etag on;",
        f"error_page 404 {prefix}{PROBLEM_PAGE};",
        # The location of others is one, and may answer with the other.
        "recursive_error_pages on;",
        f"location ^~ {prefix}/{MARKER}/ {{ return 404; }}",
        f"location = {prefix}/index.html {{ {_kept(rules)}return 301 {prefix}/$is_args$args; }}",
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
    lines += [f"location = {_quoted(prefix + path)} {{ {_NO_FILE} }}" for path, _ in _FEEDS_BY_QUERY]
    for address, content in exact.items():
        lines.append(f"location = {_quoted(unquote(prefix + address))} {{ {content} }}")
        if _FINDS in content and layout == "folders" and address != "/":
            path = _quoted(unquote(f"{prefix}{address}/index.html"))
            target = _quoted(f"{prefix}{address}$is_args$args")
            lines.append(f"location = {path} {{ {_kept(rules)}return 301 {target}; }}")
    for folder, patterns in folders.items():
        groups = _group(rules, differing, layout, patterns)
        lines += _folder_location(rules, layout, folder, groups)
    return "\n".join(lines) + "\n"


def _exact_locations(rules: HostingRules, differing: _Differing, layout: Layout) -> dict[str, str]:
    """The contents of the locations of single addresses, by these."""
    types = rules.by_header[MEDIA_TYPE]
    exact: dict[str, str] = {}
    for pattern, media_type in types.patterns.items():
        if "*" not in pattern:
            headers = _headers_of_pattern(rules, differing, pattern)
            finding = _finding(rules, pattern, media_type, layout)
            exact[pattern] = _location_content({"": media_type}, headers, finding)
    for address, media_type in sorted(types.exceptions.items()):
        finding = _finding(rules, address, media_type, layout)
        exact[address] = _location_content({"": media_type}, _headers_of_address(rules, address), finding)
    starts = {PROBLEM_PAGE: "internal; ", "/": _redirects_to_feeds(rules)}
    return {address: starts.get(address, "") + content for address, content in exact.items()}


def _kept(rules: HostingRules) -> str:
    """The directive for how long a redirect may be kept, as by the service."""
    kept = rules.redirect_ages.get("")
    return f"add_header cache-control {_quoted(kept)}; " if kept else ""


def _redirects_to_feeds(rules: HostingRules) -> str:
    """The redirects of `/?feed=rss2` and the like, as WordPress has its feeds."""
    chosen = f"$arg_{FEEDS_BY_QUERY['/']}"
    return "".join(
        f"if ({chosen} = {word}) {{ {_kept(rules)}return 301 {rules.prefix}{LISTING_PATHS[format_name]}; }} "
        for word, format_name in FEED_WORDS.items()
    )


def _group(rules: HostingRules, differing: _Differing, layout: Layout, patterns: list[str]) -> list[_Group]:
    """The groups of the patterns of a folder, those in the folder itself first."""
    media_types = rules.by_header[MEDIA_TYPE].patterns
    grouped: defaultdict[tuple[str, Headers, str, str], dict[str, str]] = defaultdict(dict)
    for pattern in sorted(patterns, key=lambda pattern: (pattern.count("*"), pattern)):
        headers = _headers_of_pattern(rules, differing, pattern)
        finding = _finding(rules, pattern, media_types[pattern], layout)
        folder, _, name = pattern.rpartition("/")
        start, _, suffix = name.partition(".")
        # nginx looks media types up by a suffix in small letters.
        alone = "" if re.fullmatch("[a-z0-9_]+", suffix) else pattern
        grouped[f"{folder}/{start}", headers, finding, alone][suffix] = media_types[pattern]
    return [_Group(stem, types, headers, finding) for (stem, headers, finding, _), types in grouped.items()]


def _folder_location(rules: HostingRules, layout: Layout, folder: str, groups: list[_Group]) -> Iterator[str]:
    """The location of the addresses in `folder`, as lines, with one for each suffix.

    An address without a suffix costs an expression for each location, which fails at its first character.
    Only folders with former addresses look for redirects, and only where pages at these could be found.
    """
    prefix = rules.prefix
    has_moved = any(address.startswith(f"/{folder}/") for address in rules.redirects)
    moved = _MOVED if has_moved else ""
    pages = next((group for group in groups if group.is_direct and "" in group.media_types), None)
    usual = sorted(
        _by_suffix([group for group in groups if group.is_direct and not group.is_named]), key=_rank
    )
    located = {suffix for group in usual for suffix in group.media_types}
    below = [
        group
        for each in groups
        if not (each.is_direct or each.is_named) and (group := each.only(each.media_types.keys() - located))
    ]
    yield f"location = {_quoted(f'{prefix}/{folder}/')} {{ {_NO_FILE} }}"
    yield f"location ^~ {_quoted(f'{prefix}/{folder}/')} {{"
    if folder == "page":
        # As the service answers pages of lists in other systems, unless one is a former address.
        old_page = f'"^(?<broadsheet_page>{re.escape(prefix)}/page/[0-9]{{1,6}})/*$"'
        former = f"set $broadsheet_asked $broadsheet_page; {_REDIRECT_FROM_FORMER} " if has_moved else ""
        yield f"  location ~ {old_page} {{ {former}{_kept(rules)}return 301 {prefix}/$is_args$args; }}"
    inside = f"^{re.escape(f'{prefix}/{folder}')}/[^/]++/"
    for group in groups:
        if group.is_named:
            # The list of a tag may have this name too, `/tags/feed.json`.
            start = "" if group.is_direct else inside.removesuffix("/")
            # Where all files of this name have the same headers, alternatives take longer than any suffix.
            is_alone = [other.stem for other in groups].count(group.stem) == 1
            tail = _tail(group, r"\.\w+$" if is_alone else "")
            yield f'  location ~ "{start}{tail}" {{ {_content(group)} }}'
    for group in usual:
        is_page = "html" in group.media_types
        # A slug may have a dot, as `1.97.0` has.
        start = moved if any(name.startswith("text/html") for name in group.media_types.values()) else ""
        yield f'  location ~ "{_ending(group.media_types)}" {{'
        for other in (each.only(group.media_types) for each in groups if not each.is_named):
            if other and _content(other) != _content(group.only(other.media_types)):
                yield f'    location ~ "{_tail(other)}" {{ {start}{_content(other)} }}'
        if is_page and layout == "folders":
            yield f'    location ~ "{inside}(?:.*/)?index\\.html$" {{ {_NO_FILE} }}'
        yield f"    {start}{_content(group)}"
        yield "  }"
    # Below a page is its other file, `/articles/vote/index.html`, which is no address either.
    if below or (
        pages and pages.finding and (layout == "folders" or not all(each.is_direct for each in groups))
    ):
        yield f'  location ~ "{inside}" {{'
        for group in below:
            yield f'    location ~ "{_tail(group)}" {{ {moved}{_content(group)} }}'
        yield f"    {_NO_FILE}"
        yield "  }"
    yield f"  {moved}{_content(pages.only(['']))}" if pages else f"  {_NO_FILE}"
    yield "}"


def _by_suffix(groups: list[_Group]) -> Iterator[_Group]:
    """For each suffix the first of the groups that have it, which has most addresses."""
    known: set[str] = {""}
    for group in groups:
        if suffixes := group.media_types.keys() - known:
            known |= suffixes
            yield group.only(suffixes)


def _rank(group: _Group) -> int:
    """The place of a location among those of the folder: the one that is requested most is the first."""
    return max(_RANKS.get(suffix, 0) for suffix in group.media_types)


def _ending(suffixes: Iterable[str]) -> str:
    """The expression of the end of an address."""
    alternatives = [re.escape(suffix) for suffix in suffixes]
    return rf"\.{alternatives[0]}$" if len(alternatives) == 1 else rf"\.(?:{'|'.join(alternatives)})$"


def _tail(group: _Group, ending: str = "") -> str:
    """The expression of the end of the addresses of `group`, below the first folder and what is in it.

    `ending` is that of their suffixes, if it is given.
    """
    _, _, *parts = group.stem.split("/")
    suffixes = [suffix for suffix in group.media_types if suffix]
    name = "[^/]+" if suffixes else "[^/.]+"
    below = parts[1:] if parts[0] in {"*", "**"} else parts
    path = "/" + "/".join(name if part == "*" else re.escape(part) for part in below)
    return path + (ending or (_ending(suffixes) if suffixes else "$"))


def _location_of_others(rules: HostingRules) -> Iterator[str]:
    """The location of addresses without a file, as lines: some redirect to an address that has one.

    Slashes and `/index.html` at the end lead to the address without, the name of a term to its slug, and the
    lists and feeds of other systems to those here.
    """
    prefix = rules.prefix
    path = re.escape(prefix)
    folders = "|".join(sorted(DIRECTORIES))
    suffixes = "|".join(suffix.removeprefix(".") for suffix in ARTICLE_SUFFIXES.values())
    # In the service, no article has such a name.
    others = rf"(?!{path}/articles/(?:.*/)?index\.html$)"
    # Captures with a name, because nginx escapes $1 where the address was escaped.
    ending = rf'"^{others}(?<broadsheet_bare>{path}/.*?[^/])(?:/index\.html|/+)$"'
    of_term = (
        rf'"^{path}(?<broadsheet_front>{SUBSCRIBE_PATH})?(?<broadsheet_named>/(?i:{folders})/.+?)'
        rf'(?:/page/[0-9]+|(?<broadsheet_rest>\.(?:{suffixes})|/feed\.(?:atom|json|rss)))?$"'
    )
    nested = rf'"^(?<broadsheet_bare>{path}/(?i:{folders}))/.+(?<broadsheet_named>/[^/]+)$"'
    redirect = f"return 301 {prefix}$broadsheet_front$broadsheet_known$broadsheet_rest$is_args$args;"
    yield f"location {_OTHERWISE} {{ {_kept(rules)}"
    yield '  set $broadsheet_front ""; set $broadsheet_rest ""; set $broadsheet_asked $uri;'
    yield f"  if ($uri ~ {ending}) {{ set $broadsheet_asked $broadsheet_bare; }}"
    yield from _feeds_by_query(prefix)
    yield f"  {_REDIRECT_FROM_FORMER}"
    # A former address of a page is found with and without its suffix.
    page = rf'"^(?!{path}/articles/)(?<broadsheet_bare>.+?)(?:/index)?\.html?$"'
    yield "  set $broadsheet_page $broadsheet_asked; set $broadsheet_kept $broadsheet_asked;"
    yield f"  if ($broadsheet_asked ~* {page}) {{ set $broadsheet_page $broadsheet_bare; }}"
    for suffix in ("", ".html"):
        yield f"  set $broadsheet_asked $broadsheet_page{suffix};"
        yield f"  {_REDIRECT_FROM_FORMER}"
    yield from _formats_of_former(prefix, page)
    yield "  set $broadsheet_asked $broadsheet_kept;"
    for found in ("", "/index.html", ".html"):
        file = f"$document_root$broadsheet_asked{found}"
        yield f"  if (-f {file}) {{ rewrite {ending} $1 permanent; }}"
    yield f"  if ($broadsheet_known) {{ {redirect} }}"
    yield from _feeds_of_others(prefix)
    for kind in dict.fromkeys(KINDS.values()):
        former = "|".join(
            word for word in KINDS if KINDS[word] == kind and f"/{word}" != DIRECTORY_PATHS[kind]
        )
        if former:
            of_list = rf'"^{path}/(?:{former})(?<broadsheet_named>/.+?)(?:/page/[0-9]+|\.html)?$"'
            target = f"{prefix}{DIRECTORY_PATHS[kind]}$broadsheet_named"
            yield f"  if ($broadsheet_asked ~* {of_list}) {{ set $broadsheet_asked {target}; }}"
    yield f"  if ($broadsheet_asked ~ {of_term}) {{ set $broadsheet_asked {prefix}$broadsheet_named; }}"
    yield f"  if ($broadsheet_known) {{ {redirect} }}"
    # Of nested categories, the service lists the last.
    last = "$broadsheet_bare$broadsheet_named"
    yield f"  if ($broadsheet_asked ~ {nested}) {{ set $broadsheet_asked {last}; }}"
    yield f"  if ($broadsheet_known) {{ {redirect} }}"
    yield "  return 404;"
    yield "}"


def _formats_of_former(prefix: str, page: str) -> Iterator[str]:
    """Lines that redirect from a former address with the suffix of a format to the article or page in it.

    `page` is the expression of an address with the suffix of a page. Former addresses of feeds and lists have
    no such forms.
    """
    suffixes = "|".join(re.escape(suffix) for name, suffix in ARTICLE_SUFFIXES.items() if name != "html")
    of_format = f'"^(?<broadsheet_bare>.+)(?<broadsheet_rest>{suffixes})$"'
    yield f"  if ($broadsheet_kept ~ {of_format}) {{ set $broadsheet_page $broadsheet_bare; }}"
    yield f"  if ($broadsheet_page ~* {page}) {{ set $broadsheet_page $broadsheet_bare; }}"
    lists = rf"(?:{'|'.join(sorted(DIRECTORIES))})/|feed\.[a-z]+$"
    of_article = rf'"^\S+ (?<broadsheet_bare>[a-z]+://[^/]+{re.escape(prefix)}/(?!{lists}).+)$"'
    for suffix in ("", ".html"):
        yield f"  set $broadsheet_asked $broadsheet_page{suffix};"
        yield '  set $broadsheet_moved "$broadsheet_rest $broadsheet_redirect";'
        redirect = "return 301 $broadsheet_bare$broadsheet_rest$is_args$args;"
        yield f"  if ($broadsheet_moved ~ {of_article}) {{ {redirect} }}"
    yield '  set $broadsheet_rest "";'


def _feeds_by_query(prefix: str) -> Iterator[str]:
    """Lines that redirect from a feed of another system to that of the format in the query string."""
    for path, parameter in _FEEDS_BY_QUERY:
        asked = re.escape(prefix + path)
        yield f'  set $broadsheet_format "$broadsheet_asked?$arg_{parameter}";'
        for word, format_name in FEED_WORDS.items():
            target = f"{prefix}{LISTING_PATHS[format_name]}"
            yield f'  if ($broadsheet_format ~ "^(?i:{asked})\\?{word}$") {{ return 301 {target}; }}'


def _feeds_of_others(prefix: str) -> Iterator[str]:
    """Lines that redirect from the feeds of other systems, or turn their address into that here."""
    path = re.escape(prefix)
    for template, format_name in FEEDS_OF_TAG.items():
        start, end = map(re.escape, template.split("{}"))
        feed = LISTING_PATHS[format_name]
        if end:
            whole = f'"^(?i:{path}{start})(?:{WHOLE_FEEDS})(?i:{end})$"'
            yield f"  if ($broadsheet_asked ~ {whole}) {{ return 301 {prefix}{feed}$is_args$args; }}"
        of_tag = f'"^{path}{start}(?<broadsheet_named>[^/]+){end}$"'
        target = f"{prefix}{DIRECTORY_PATHS['tag']}/$broadsheet_named{feed}"
        yield f"  if ($broadsheet_asked ~* {of_tag}) {{ set $broadsheet_asked {target}; }}"
    for format_name in dict.fromkeys(FEED_FILES.values()):
        feed = LISTING_PATHS[format_name]
        names = "|".join(re.escape(name) for name in FEED_FILES if FEED_FILES[name] == format_name)
        of_section = f'"^{path}/(?:{"|".join(SECTION_NAMES)})/(?:{names})$"'
        yield f"  if ($broadsheet_asked ~* {of_section}) {{ return 301 {prefix}{feed}$is_args$args; }}"
        of_term = f'"^(?<broadsheet_named>{path}/(?:{"|".join(KINDS)})/.+?)/(?:{names})$"'
        yield f"  if ($broadsheet_asked ~* {of_term}) {{ set $broadsheet_asked $broadsheet_named{feed}; }}"


def _hiding_compressed(rules: HostingRules) -> str:
    """A location of the compressed forms of documents: they have no addresses of their own."""
    types = rules.by_header[MEDIA_TYPE]
    addresses = (*types.patterns, *types.exceptions)
    suffixes = sorted({address.rpartition(".")[2] for address in addresses if "." in address})
    ending = "|".join(re.escape(suffix) for suffix in suffixes if suffix.isalnum())
    return f'location ~ "\\.(?:{ending})\\.(?:br|gz|zst)$" {{ return 404; }}'


def _find_differing(rules: HostingRules) -> _Differing:
    """The headers that addresses of one pattern have with different values: those of patterns with the same
    usual value have one map.
    """
    found = _Differing({}, {})
    numbers: dict[tuple[str, str], int] = {}
    for name, of_header in rules.by_header.items():
        for address, value in sorted(of_header.exceptions.items()) if name != MEDIA_TYPE else ():
            pattern = pattern_of(address)
            usual = of_header.patterns[pattern]
            number = numbers.setdefault((name, usual), len(numbers))
            variable = f"broadsheet_{name.replace('-', '_')}_{number}"
            found.variables[name, pattern] = variable
            found.maps.setdefault(variable, (usual, {}))[1][address] = value
    return found


def _headers_of_pattern(rules: HostingRules, differing: _Differing, pattern: str) -> Headers:
    """The headers of addresses of a pattern, quoted; a variable where they differ by the address."""
    headers = []
    for name, of_header in rules.by_header.items():
        if name == MEDIA_TYPE:
            continue
        if variable := differing.variables.get((name, pattern)):
            headers.append((name, f"${variable}"))
        elif value := of_header.patterns[pattern]:
            headers.append((name, _quoted(value)))
    return tuple(headers)


def _headers_of_address(rules: HostingRules, address: str) -> Headers:
    pattern = pattern_of(address)
    values = {
        name: of_header.exceptions.get(address, of_header.patterns[pattern])
        for name, of_header in rules.by_header.items()
        if name != MEDIA_TYPE
    }
    return tuple((name, _quoted(value)) for name, value in values.items() if value)


def _finding(rules: HostingRules, address: str, media_type: str, layout: Layout) -> str:
    """How nginx finds the file of an address of this media type, if it has another name."""
    if address == "/":
        return f"{_FINDS}{rules.prefix}/index.html =404;"
    has_own_name = address.endswith(".html") or address.startswith(FILES) or layout == "names"
    if has_own_name or not media_type.startswith("text/html"):
        return ""
    folder, _, name = address.rpartition("/")
    # The copy with a suffix has the same bytes; below an address with a slash at its end there is none.
    if layout == "files" or ("*" in name and f"{folder}/*.html" in rules.by_header[MEDIA_TYPE].patterns):
        return f"{_FINDS}$uri.html {_OTHERWISE};"
    return f"{_FINDS}$uri/index.html {_OTHERWISE};"


def _content(group: _Group) -> str:
    return _location_content(group.media_types, group.headers, group.finding or _ELSE_OTHERS)


def _location_content(media_types: dict[str, str], headers: Headers, finding: str) -> str:
    if len(media_types) == 1:
        (media_type,) = media_types.values()
        typed = f"types {{ }} default_type {_quoted(media_type)};"
    else:
        rows = " ".join(f"{_quoted(name)} {suffix};" for suffix, name in sorted(media_types.items()))
        typed = f"types {{ {rows} }}"
    added = "".join(f"add_header {name} {value} always; " for name, value in headers)
    # The address as it was asked for: a file that is found has another.
    asked = "set $broadsheet_address $uri; " if any(value[0] == "$" for _, value in headers) else ""
    return f"{asked}{typed} {added}{finding}"


def _locations(targets: dict[str, str]) -> list[tuple[str, str]]:
    """Rows of a map of paths, decoded, to targets."""
    return _rows({path: target.replace("$", "%24") for path, target in targets.items()})


def _rows(values: dict[str, str]) -> list[tuple[str, str]]:
    """Rows of a map of paths, decoded, to values. nginx ignores ASCII case, except in an expression."""
    spelled = Counter(map(lower_ascii, values))
    return [
        (_quoted(path if spelled[lower_ascii(path)] == 1 else f"~^{re.escape(path)}$"), _quoted(value))
        for path, value in values.items()
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
