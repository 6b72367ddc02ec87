"""The terms an article is listed under, and the tokens it is searched by."""

import msgspec

from service.index.analyser import analyse
from service.model import Article
from service.query import FacetKind


class Term(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tag, author, source or language of an article; `name` None for the beginning of its language tag."""

    kind: FacetKind
    slug: str
    name: str | None


class SearchText(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The tokens of an article, in the parts that are weighed differently."""

    title: str
    text: str
    names: str
    stems: str


def terms_of(article: Article) -> tuple[Term, ...]:
    """Every term of `article`, each once: of two spellings of one slug the first counts."""
    terms = [Term("tag", tag.slug, tag.name) for tag in article.tags]
    terms += [Term("author", author.slug, author.name) for author in article.authors]
    if article.source:
        terms.append(Term("source", article.source.slug, article.source.name))
    terms += [
        Term("language", tag, tag if tag == article.language else None)
        for tag in language_ranges(article.language)
    ]
    first: dict[tuple[str, str], Term] = {}
    for term in terms:
        if term.slug:
            first.setdefault((term.kind, term.slug), term)
    return tuple(first.values())


def language_ranges(language: str) -> list[str]:
    """Every range that finds `language` (RFC 4647 §3.3.1): `zh-Hant-TW` → `zh`, `zh-Hant`, `zh-Hant-TW`."""
    parts = language.split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def search_text(article: Article) -> SearchText:
    """The tokens full text finds `article` by: title, text, and the names that stand around it."""
    source = article.source
    title = _joined(article.title, article.subtitle)
    summary = None if article.summary in article.content_text else article.summary
    text = _joined(summary, article.content_text, article.correction)
    names = _joined(
        article.dateline,
        *(author.name for author in article.authors),
        *(tag.name for tag in article.tags),
        *((source.name, source.title, source.author) if source else ()),
        *(attachment.title for attachment in article.attachments),
    )
    parts = [analyse(part, article.language) for part in (title, text, names)]
    stems = _joined(*(part.stems for part in parts))
    return SearchText(parts[0].words, parts[1].words, parts[2].words, stems)


def _joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
