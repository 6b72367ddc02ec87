"""Atom 1.0 (RFC 4287), and 0.3 as far as it is the same."""

import html
from collections import Counter
from xml.etree.ElementTree import Element, tostring

import msgspec

from service.content.identity.slugs import name_slug
from service.importing.blogger import LEFT_OUT, address, draft_reason, left_out_category
from service.importing.feed_parts import (
    CONTAINERS,
    as_line,
    attachment,
    attachments,
    channel_facts,
    is_app_draft,
    media_image,
)
from service.importing.item import Clues, Found, Item, Note, Options
from service.importing.sources import cited
from service.importing.visibility import DRAFT, RESPONSE
from service.importing.xml import attribute, children, elements, first, named, root_attribute, to_text
from service.model import Attachment, Author, Source


def read_atom(data: bytes, name: str, options: Options) -> Found:
    """The entries of the feed under their `atom:id`; one without an author has the feed's (§4.2.1)."""
    text = to_text(data)
    facts = channel_facts(text)
    root_language = root_attribute(text, "xml:lang")
    root_base = (
        root_attribute(text, "xml:base") or _address(facts.get("atom:link", []), "alternate") or options.base
    )
    left_out: Counter[str] = Counter()
    number = 0
    for tag, element in elements(text, CONTAINERS):
        if tag == "at:deleted-entry":
            gone = attribute(element, "ref") or "an entry"
            yield Note("left out", name, f"{gone} was withdrawn", "withdrawn")
        if tag != "atom:entry":
            continue
        number += 1
        place = f"{name}, entry {number}"
        if category := left_out_category(element, options):
            left_out[category] += 1
        else:
            yield _item(element, place, facts, root_language, root_base, options)
    for category, count in sorted(left_out.items()):
        yield Note("left out", name, f"{count} {category} of Blogger: {LEFT_OUT[category]}", category, count)


def _item(
    element: Element,
    place: str,
    facts: dict[str, list[Element]],
    language: str | None,
    root_base: str | None,
    options: Options,
) -> Item | Note:
    links = children(element, "atom:link")
    base = attribute(element, "xml:base") or root_base
    clues = Clues(options, base)
    former = address(element)
    link = clues.reference(_address(links, "alternate"), "link")
    if link is None and former and options.base:
        link = f"{options.base.rstrip('/')}{former}"
    content = children(element, "atom:content")
    summary = children(element, "atom:summary")
    text = _html(content[0]) if content else ""
    title = as_line(_plain(children(element, "atom:title")))
    draft = DRAFT if is_app_draft(element) else RESPONSE if children(element, "thr:in-reply-to") else None
    if not (title or text or summary):
        if draft:
            return Note("left out", place, "it has neither title nor text", "empty drafts")
        return Note("fault", place, "it has neither title nor text")
    body = content[0] if content else summary[0] if summary else None
    inner_base = body is not None and attribute(body, "xml:base")
    published = clues.instant(first(element, "atom:published", "atom:issued", "atom:created"), "date")
    updated = clues.instant(first(element, "atom:updated", "atom:modified"), "update")
    notes = [("note", "its text lies elsewhere and was not fetched")] if _elsewhere(content) else []
    if published is None and updated:
        notes.append(("guessed", "its date is that of its last change: none of publication is given"))
    return Item(
        place=place,
        title=title,
        text=text or (_html(summary[0]) if summary else ""),
        base=inner_base or link or base or "",
        id=first(element, "atom:id") or link,
        link=link,
        summary=(as_line(_plain(summary)) if text else None)
        or as_line(first(element, "blogger:metaDescription")),
        published=published or updated,
        updated=updated,
        language=clues.language(attribute(element, "xml:lang") or language or _hreflang(links)),
        authors=_people(element, facts, clues),
        tags=_tags(element),
        source=_source(element, links),
        image=media_image(element, clues),
        attachments=_enclosures(element, links, clues),
        canonical=clues.reference(_address(links, "canonical"), "canonical"),
        rights=as_line(_plain(children(element, "atom:rights"))),
        draft=draft or draft_reason(element, published or updated, options),
        aliases=(former,) if former else (),
        notes=(*clues.notes, *notes),  # type: ignore[arg-type]
    )


def _html(element: Element) -> str:
    """A text construct as HTML (§3.1.1): text escaped, HTML as it is, XHTML without its `div`."""
    kind = (attribute(element, "type") or "text").lower()
    if kind in {"xhtml", "application/xhtml+xml"}:
        for one in element.iter():
            one.tag = str(one.tag).rpartition("}")[2]
        return (element.text or "") + "".join(
            tostring(one, encoding="unicode", method="html") for one in element
        )
    text = "".join(element.itertext()).strip()
    if kind in {"html", "text/html"} or (kind == "text" and attribute(element, "mode") == "escaped"):
        return text
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.split("\n\n") if part.strip())


def _plain(constructs: list[Element]) -> str | None:
    """A text construct as what may hold markup: escaped where its type says that it holds none."""
    if not constructs:
        return None
    kind = (attribute(constructs[0], "type") or "text").lower()
    text = "".join(constructs[0].itertext())
    return text if "html" in kind else html.escape(text, quote=False)


def _people(element: Element, facts: dict[str, list[Element]], clues: Clues) -> tuple[Author, ...]:
    sources = [one for source in children(element, "atom:source") for one in children(source, "atom:author")]
    given = children(element, "atom:author") or sources or facts.get("atom:author", [])
    authors: dict[str, Author] = {}
    for one in given:
        name = " ".join((first(one, "atom:name") or "").split())
        url = clues.reference(first(one, "atom:uri", "atom:url"), "author address")
        if name:
            authors.setdefault(name_slug(name), Author(name=name, slug=name_slug(name), url=url))
    return tuple(authors.values())


def _tags(element: Element) -> tuple[str, ...]:
    names = [attribute(one, "label") or attribute(one, "term") for one in children(element, "atom:category")]
    # Blogger marks what kind of entry it is by a category.
    return tuple(
        dict.fromkeys(" ".join(name.split()) for name in names if name and "schemas.google.com" not in name)
    )


def _source(element: Element, links: list[Element]) -> Source | None:
    via = [one for one in links if attribute(one, "rel") == "via" and attribute(one, "href")]
    given = ["".join(one.itertext()).strip() for one in children(element, "dc:source")]
    if via and attribute(via[0], "href") not in given:
        given.append(attribute(via[0], "href") or "")
    source = cited(given, title=attribute(via[0], "title") if via else None)
    for one in children(element, "atom:source"):
        name = first(one, "atom:title")
        feed = _address(children(one, "atom:link"), "self")
        if name and source:
            return msgspec.structs.replace(source, name=name, slug=name_slug(name), feed=feed)
    return source


def _enclosures(element: Element, links: list[Element], clues: Clues) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for one in links:
        if attribute(one, "rel") != "enclosure":
            continue
        url = clues.reference(attribute(one, "href"), "enclosure")
        if url:
            length = clues.number(attribute(one, "length"))
            found[url] = attachment(url, attribute(one, "type"), length, as_line(attribute(one, "title")))
    for more in attachments(element, clues):
        known = found.get(more.url, more)
        found[more.url] = Attachment(
            known.url, known.mime_type, known.length or more.length, known.title or more.title, more.duration
        )
    return tuple(found.values())


def _address(links: list[Element], rel: str) -> str | None:
    for one in links:
        if (
            named(one) == "atom:link"
            and (attribute(one, "rel") or "alternate") == rel
            and attribute(one, "href")
        ):
            return attribute(one, "href")
    return None


def _hreflang(links: list[Element]) -> str | None:
    return next((attribute(one, "hreflang") for one in links if attribute(one, "rel") == "alternate"), None)


def _elsewhere(content: list[Element]) -> bool:
    return bool(content) and attribute(content[0], "src") is not None
