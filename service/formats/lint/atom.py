"""Checks Atom documents against RFC 4287 (the grammar of Appendix B, and its text), RFC 5005 and RFC 6721."""

from collections.abc import Iterator, Mapping

from service.formats.lint import values
from service.formats.lint.findings import Document, Enclosure, Finding, LintedEntry
from service.formats.lint.xml import (
    ATOM,
    HISTORY,
    TOMBSTONES,
    XML,
    Element,
    address_of,
    children,
    name_of,
    parse,
    size_of,
    text_of,
)

A = f"{{{ATOM}}}"
FEED, ENTRY = f"{A}feed", f"{A}entry"
PAGING = {"first", "last", "next", "previous"}

_MANY = 1_000_000_000
_Counts = Mapping[str, tuple[int, int]]
_METADATA: _Counts = {
    "author": (0, _MANY),
    "category": (0, _MANY),
    "contributor": (0, _MANY),
    "link": (0, _MANY),
    "rights": (0, 1),
}
_FEED_ONLY: _Counts = {"generator": (0, 1), "icon": (0, 1), "logo": (0, 1), "subtitle": (0, 1)}
_PERSON: _Counts = {"name": (1, 1), "uri": (0, 1), "email": (0, 1)}
# §4.1.1, §4.1.2, §4.2.11, §3.2: which elements each may contain, and how many of them.
_CHILDREN: Mapping[str, _Counts] = {
    "feed": {
        **_METADATA,
        **_FEED_ONLY,
        "id": (1, 1),
        "title": (1, 1),
        "updated": (1, 1),
        "entry": (0, _MANY),
    },
    "entry": {
        **_METADATA,
        "id": (1, 1),
        "title": (1, 1),
        "updated": (1, 1),
        "published": (0, 1),
        "summary": (0, 1),
        "content": (0, 1),
        "source": (0, 1),
    },
    "source": {**_METADATA, **_FEED_ONLY, "id": (0, 1), "title": (0, 1), "updated": (0, 1)},
    "author": _PERSON,
    "contributor": _PERSON,
}
# Besides xml:base and xml:lang no attribute without a namespace is allowed (§2, undefinedAttribute).
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "category": frozenset({"term", "scheme", "label"}),
    "content": frozenset({"type", "src"}),
    "generator": frozenset({"uri", "version"}),
    "link": frozenset({"href", "rel", "type", "hreflang", "title", "length"}),
    **{name: frozenset({"type"}) for name in ("title", "subtitle", "summary", "rights")},
}
_TEXTS = ("title", "subtitle", "summary", "rights")
_DATES = ("updated", "published")


def lint_atom(body: bytes) -> Document:
    """The entries of an Atom feed document, and every rule it breaks."""
    root = parse(body)
    if isinstance(root, str):
        return Document(findings=(Finding("", root),))
    if root.tag != FEED:
        return Document(findings=(Finding("", f"the document is <{root.tag}>, not an Atom feed"),))
    findings = {Finding("", message) for message in _head(root)}
    entries = root.findall(ENTRY)
    for entry in entries:
        entry_id = text_of(entry.find(f"{A}id"))
        findings |= {Finding(entry_id, message) for message in _entry(entry)}
        advice = values.title_advice(text_of(entry.find(f"{A}title")))
        findings |= {Finding(entry_id, message, advice=True) for message in advice}
    links = root.findall(f"{A}link")
    next_url, archive = linked_documents(root, links)
    return Document(tuple(map(_parse_entry, entries)), next_url, archive, tuple(sorted(findings)))


def _head(root: Element) -> Iterator[str]:
    yield from _grammar(root)
    links = root.findall(f"{A}link")
    rels = [link.get("rel", "alternate") for link in links]
    if rels.count("self") != 1:
        yield f"RFC 4287 §4.1.1: a feed must have one self link, not {rels.count('self')}"
    yield from _one_alternate(links)
    if root.find(f"{A}author") is None and any(
        entry.find(f"{A}author") is None for entry in root.findall(ENTRY)
    ):
        yield "RFC 4287 §4.1.1: a feed must have an author unless every entry has one"
    yield from history(root, set(rels))
    for stone in root.findall(f"{{{TOMBSTONES}}}deleted-entry"):
        yield from values.uri(stone.get("ref"), "RFC 6721 §3: ref of a deleted entry")
        yield from values.date_time(stone.get("when"), "RFC 6721 §3: when of a deleted entry")


def history(head: Element, rels: set[str]) -> Iterator[str]:
    """RFC 5005 for the head of an Atom or RSS document whose links have these `rels`."""
    if head.find(f"{{{HISTORY}}}complete") is not None and (PAGING | {"prev-archive"}) & rels:
        yield "RFC 5005 §2: a complete feed must not link to other pages or archives"
    if head.find(f"{{{HISTORY}}}archive") is not None:
        if "current" not in rels:
            yield "RFC 5005 §4: an archive document must link to the current one"
        if PAGING & rels:
            yield "RFC 5005 §4: an archive document must not have paging links"


def linked_documents(head: Element, links: list[Element]) -> tuple[str | None, str | None]:
    """`next_url` and `archive` of a Document."""
    older = address_of(links, "prev-archive")
    if head.find(f"{{{HISTORY}}}archive") is not None:
        return older, None
    return address_of(links, "next"), older


def _entry(entry: Element) -> Iterator[str]:
    yield from _grammar(entry)
    links = entry.findall(f"{A}link")
    content = entry.find(f"{A}content")
    if content is None and not any(link.get("rel", "alternate") == "alternate" for link in links):
        yield "RFC 4287 §4.1.2: an entry without content must have an alternate link"
    yield from _one_alternate(links)
    yield from values.title(text_of(entry.find(f"{A}title")))
    published, updated = (values.parse_date_time(text_of(entry.find(f"{A}{name}"))) for name in _DATES[::-1])
    if published and updated and updated < published:
        yield "updated is earlier than published"
    if content is not None and content.get("type") == "html":
        yield from values.content(text_of(content))


def _one_alternate(links: list[Element]) -> Iterator[str]:
    kinds = [
        (link.get("type"), link.get("hreflang"))
        for link in links
        if link.get("rel", "alternate") == "alternate"
    ]
    if len(set(kinds)) < len(kinds):
        yield "RFC 4287 §4.1.1: two alternate links have the same type and language"


def _grammar(element: Element) -> Iterator[str]:
    """The grammar of `element` and of its descendants in the Atom namespace, except entries."""
    yield from _attributes_and_children(element)
    for child in children(element):
        if child.tag.startswith(A) and child.tag != ENTRY:
            yield from _grammar(child)


def _attributes_and_children(element: Element) -> Iterator[str]:
    name = name_of(element)
    if name in _CHILDREN:
        yield from _cardinality(element, name)
    allowed = _ATTRIBUTES.get(name, frozenset())
    for attribute in element.attrib:
        if not attribute.startswith("{") and attribute not in allowed:
            yield f"RFC 4287 App. B: undefined attribute {attribute!r} on {name}"
    if language := element.get(f"{{{XML}}}lang"):
        yield from values.language(language, f"RFC 4287 §2: xml:lang of {name}")
    if base := element.get(f"{{{XML}}}base"):
        yield from values.uri(base, f"RFC 4287 §2: xml:base of {name}")
    yield from _value(element, name)


def _cardinality(element: Element, name: str) -> Iterator[str]:
    counts = dict.fromkeys(_CHILDREN[name], 0)
    for child in children(element):
        child_name = child.tag.removeprefix(A)
        if child.tag.startswith(A):
            if child_name not in counts:
                yield f"RFC 4287 App. B: {child_name} is not allowed in {name}"
            else:
                counts[child_name] += 1
    for child_name, count in counts.items():
        least, most = _CHILDREN[name][child_name]
        if not least <= count <= most:
            expected = "exactly one" if least else "at most one"
            yield f"RFC 4287 §4.1: {name} must have {expected} {child_name}, not {count}"


def _value(element: Element, name: str) -> Iterator[str]:
    text = text_of(element)
    if name in _TEXTS:
        yield from _text(element, name)
    elif name in _DATES:
        yield from values.date_time(text, f"RFC 4287 §3.3: {name}")
    elif name == "id":
        yield from values.uri(text, "RFC 4287 §4.2.6: id")
    elif name in {"icon", "logo", "uri"}:
        yield from values.uri(text, f"RFC 4287: {name}")
    elif name == "name" and not text.strip():
        yield "RFC 4287 §3.2.1: a person must have a name"
    elif name == "email" and "@" not in text[1:-1]:
        yield f"RFC 4287 §3.2.3: {text!r} is not an e-mail address"
    elif name == "link":
        yield from _link(element)
    elif name == "category":
        yield from _category(element)
    elif name == "content":
        yield from _text(element, name)


def _text(element: Element, name: str) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in {"text", "html", "xhtml"}:
        yield f"RFC 4287 §3.1.1: type of {name} must be text, html or xhtml, not {kind!r}"
    elif kind != "xhtml" and children(element):
        yield f"RFC 4287 §3.1.1: {name} of type {kind} must not contain elements"


def _link(link: Element) -> Iterator[str]:
    rel = link.get("rel", "alternate")
    yield from values.uri(link.get("href"), f"RFC 4287 §4.2.7.1: href of a link rel={rel}")
    if media_type := link.get("type"):
        yield from values.media_type(media_type, f"RFC 4287 §4.2.7.3: type of a link rel={rel}")
    if language := link.get("hreflang"):
        yield from values.language(language, f"RFC 4287 §4.2.7.4: hreflang of a link rel={rel}")
    if (length := link.get("length")) and not length.isdecimal():
        yield f"RFC 4287 §4.2.7.6: length of a link rel={rel} is not a number: {length!r}"


def _category(category: Element) -> Iterator[str]:
    if not category.get("term"):
        yield "RFC 4287 §4.2.2.1: a category must have a term"
    if scheme := category.get("scheme"):
        yield from values.uri(scheme, "RFC 4287 §4.2.2.2: scheme of a category")


def _parse_entry(entry: Element) -> LintedEntry:
    links = [link for link in entry.findall(f"{A}link") if link.get("rel") == "enclosure"]
    return LintedEntry(
        text_of(entry.find(f"{A}id")),
        values.parse_date_time(text_of(entry.find(f"{A}published"))),
        values.parse_date_time(text_of(entry.find(f"{A}updated"))),
        tuple(
            Enclosure(link.get("href", ""), link.get("type", ""), values.number(link.get("length")))
            for link in links
        ),
        size_of(entry),
    )
