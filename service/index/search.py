"""Full-text search: texts become the tokens that they are searched by, in documents and in queries alike.

A document gives two streams. `words` are its words without regard to case and accents, in order; scripts
written without spaces (Chinese, Japanese, Korean, Thai, …) as pairs of neighbouring characters, and the last
character of a run alone: so one character is found as the beginning of a token. `stems` are Snowball's, of
those words whose stem differs, each with the name of its algorithm: `·run·english`. The tokens of a title
occur a second time with a mark, `•running`, so that a search in titles reads short lists.

Tokens hold letters, digits, marks and dots only, ASCII ones in lower case; a database must split at spaces
alone. Only tokens that are no words begin with a dot, so that a prefix finds words alone.

A search as a reader types it, `iraq "oil ministry" -opinion petrol*`, gives phrases of tokens. Every word is
required; `"…"` is a phrase, taken literally; `-` before either excludes it; `*` after a word stands for any
ending. What has no meaning (a lone `-`, an open quote) has none, and is no error. A search in which nothing
can be searched for (`!?`) finds nothing; one that only excludes finds the rest.

A prefix of one or two letters stands for thousands of words, whose lists of articles would be merged for
every such search: it is an error, and so are more prefixes than MOST_PREFIXES. In scripts without spaces
between words one character says as much as three letters, and needs no `*`.
"""

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
import Stemmer  # type: ignore[import-not-found]

from service.errors import InvalidParameter
from service.model import fold

MOST_CLAUSES = 64
"""Further words are ignored: no reader types so many, and each is looked up in the index."""

SHORTEST_PREFIX = 3

MOST_PREFIXES = 4

_ITEM = re.compile(r'(-?)"([^"]*)(?:"|$)|([^\s"]+)')

_PREFIX = re.compile(r"\w\W*\*$")

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞「」『』", '"'))

_APOSTROPHES = re.compile("['’‘`´]")

ALGORITHM = 2
"""Raised when the functions below give other tokens for the same tables (`tests/ingest/test_versions.py`)."""

LONGEST_TOKEN = 64
MAX_ANALYSES = 100_000
"""How many words or pieces of text are cached with their analyses: of the first language that occurs. Of the
second it is a half, of the third a third."""

_ALGORITHMS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "nn": "norwegian",
    "no": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_AVAILABLE = frozenset(Stemmer.algorithms())

# Invisible within a word, no part of it: soft hyphen, Arabic stretching, joiners, variation selectors, BOM.
_IGNORED = "\u00ad\u0640\u200c\u200d\u2060\ufe00-\ufe0f\ufeff"
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3040-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaadf"
    "\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)


_MARKS = frozenset(("Mn", "Mc", "Me"))


def _combining_marks() -> str:
    """Every combining mark, as ranges of a character class: Indic vowels are marks, not letters."""
    ranges: list[list[int]] = []
    # Each start of a process waits for this: `map` takes half of the time of a loop.
    categories = map(unicodedata.category, map(chr, range(0x300, 0x20000)))
    for point in (point for point, category in enumerate(categories, 0x300) if category in _MARKS):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# The guard before the long class spares most characters the walk through its ranges.
# Possessive: what is no word would else be tried in every way to part it.
_WORD = re.compile(rf"(?:[^\W_]++|(?![\0-\x7f\u2010-\u2027])[{_IGNORED}{_combining_marks()}]++)++")
_RUN = re.compile(rf"([{_UNSPACED}]+)|[^{_UNSPACED}]+")
_DROP_IGNORED = re.compile(f"[{_IGNORED}]+")
# Common marks that are part of no word: without them most texts are ASCII, and most pieces recur.
_TYPOGRAPHY = "’‘“”—–…\u00a0•·«»"
_ASCII = bytes(
    byte if byte > 127 else ord(chr(byte).lower() if chr(byte).isalnum() else " ") for byte in range(256)
)
_TABLES = (
    _ALGORITHMS,
    LONGEST_TOKEN,
    _WORD.pattern,
    _RUN.pattern,
    _DROP_IGNORED.pattern,
    _TYPOGRAPHY,
    _ASCII,
)

VERSION = hashlib.sha256(
    repr((ALGORITHM, Stemmer.version(), unicodedata.unidata_version, _TABLES)).encode(
        "utf-8", "backslashreplace"
    )
).hexdigest()[:16]
"""What tokens depend on: an index made with another version is rebuilt."""

_stemmers = threading.local()


class Run(msgspec.Struct, frozen=True):
    """Part of a word, folded; `unspaced` when its script puts no spaces between words."""

    text: str
    unspaced: bool = False

    def tokens(self) -> tuple[str, ...]:
        """The tokens a document holds for this run."""
        if not self.unspaced:
            return (self.text[:LONGEST_TOKEN],)
        return tuple(self.text[index : index + 2] for index in range(len(self.text)))


class Analysis(msgspec.Struct, frozen=True):
    """The two streams of a document's text, with spaces, one or several, between tokens."""

    words: str
    stems: str


def algorithm(language: str) -> str | None:
    """The Snowball algorithm for a language tag, or None where there is none: `de-AT` → `german`."""
    name = _ALGORITHMS.get(language.partition("-")[0].lower())
    return name if name in _AVAILABLE else None


def algorithms(languages: Iterable[str]) -> list[str]:
    """The Snowball algorithms for several language tags, sorted."""
    return sorted({name for language in languages if (name := algorithm(language))})


def analyse(text: str, language: str) -> Analysis:
    """The tokens of a document written in `language`."""
    name = algorithm(language)
    for character in _TYPOGRAPHY:
        text = text.replace(character, " ")
    # In UTF-8 only ASCII characters are bytes below 128; and bytes are translated four times as fast.
    text = text.encode("utf-8", "surrogatepass").translate(_ASCII).decode("utf-8", "surrogatepass")
    pieces = text.split()
    if text.isascii() and (tagged := _tagged_stems(pieces, name)) is not None:
        return Analysis(text, tagged)
    analyses = [*map(_analyses_of(name).__getitem__, pieces)]
    return Analysis(
        " ".join([words for words, _ in analyses if words]),
        " ".join([stems for _, stems in analyses if stems]),
    )


def words(text: str) -> list[str]:
    """The words of `text` as they are written."""
    return _WORD.findall(text)


def word_offsets(text: str) -> Iterator[tuple[int, str]]:
    """The words of `text` as they are written, each with the offset at which it begins."""
    for match in _WORD.finditer(text):
        yield match.start(), match.group()


def runs(text: str) -> Iterator[Run]:
    """The words of `text`, folded, cut where spaced and unspaced scripts meet."""
    for word in _WORD.findall(text):
        yield from _folded(word)


def stems(word: str, algorithms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What `word` may be stemmed to: (stem, the same as it stands among a document's stems).

    The stem of the word as written and that of its folded form, since who searches may leave accents out.
    """
    unfolded = unicodedata.normalize("NFC", _DROP_IGNORED.sub("", word).casefold())
    for name in algorithms:
        for form in dict.fromkeys((unfolded, fold(word).lower())):
            if stem := _stem(form, name):
                yield stem, f"·{stem}·{name}"


def term_token(number: int) -> str:
    """The token of a term in the full text; a stem has two dots."""
    return f"·{number}"


def title_tokens(tokens: str) -> str:
    """Tokens of a title, with spaces between them, as only titles have them."""
    return " ".join([f"•{token}" for token in tokens.split()])


class _Analyses(dict[str, tuple[str, str]]):
    """The analyses of pieces of text without white space: the same ones occur again and again."""

    def __init__(self, name: str | None) -> None:
        super().__init__()
        self._name = name
        self._most = MAX_ANALYSES // (_analyses_of.cache_info().currsize + 1)

    def __missing__(self, piece: str) -> tuple[str, str]:
        analyses = [
            # Without spaces a "word" is a whole sentence, which hardly occurs again.
            (_analyse_word if len(word) <= LONGEST_TOKEN else _analyse_word.__wrapped__)(word, self._name)
            for word in _WORD.findall(piece)
        ]
        words = " ".join([tokens for tokens, _ in analyses if tokens])
        analysed = words, " ".join([stem for _, stem in analyses if stem])
        if len(self) >= self._most:
            self.clear()
        if len(piece) <= LONGEST_TOKEN:
            self[piece] = analysed
        return analysed


def _tagged_stems(words: Sequence[str], name: str | None) -> str | None:
    """The stems of ASCII words in lower case that differ from them, as they stand among a document's.

    None where a word is longer than a token, or a stem needs folding.
    """
    if max(map(len, words), default=0) > LONGEST_TOKEN:
        return None
    if name is None:
        return ""
    stemmed = _stemmer(name).stemWords(words)
    changed = [stem for word, stem in zip(words, stemmed, strict=True) if stem != word]
    if not changed:
        return ""
    joined = "".join(changed)
    if not (all(changed) and joined.isascii() and joined.isalnum() and joined == joined.lower()):
        return None
    separator = f"·{name} ·"
    return f"·{separator.join(changed)}·{name}"


@cache  # as many as there are algorithms
def _analyses_of(name: str | None) -> _Analyses:
    return _Analyses(name)


@lru_cache(maxsize=32768)
def _analyse_word(word: str, name: str | None) -> tuple[str, str]:
    """The tokens of a word with spaces between them, and its stem; "" where there is none."""
    parts = _folded(word)
    tokens = " ".join([token for run in parts for token in run.tokens()])
    if name is None or len(parts) != 1 or parts[0].unspaced:
        return tokens, ""
    stem, tagged = next(stems(word, (name,)), ("", ""))
    return tokens, tagged if stem != tokens else ""


def _folded(word: str) -> list[Run]:
    if word.isascii():
        return [Run(word.lower())]
    folded = fold(_DROP_IGNORED.sub("", word)).lower()
    # Folding may open a word: `½` is `1⁄2`, one Arabic ligature is four words.
    pieces = _WORD.findall(folded)
    return [Run(run[0], unspaced=bool(run[1])) for piece in pieces for run in _RUN.finditer(piece)]


def _stem(word: str, name: str) -> str:
    """The folded stem of a word; "" where the stemmer leaves nothing that is a word."""
    stem = _stemmer(name).stemWord(word[:LONGEST_TOKEN])
    if stem.isascii() and stem.isalnum():  # nearly every one
        return str(stem.lower())
    stem = fold(stem).lower()
    return stem if _WORD.fullmatch(stem) else ""


def _stemmer(name: str) -> Any:
    stemmers: dict[str, Any] = _stemmers.__dict__
    # A Stemmer must not be used by two threads at once. Its own cache takes longer than to stem a word.
    return stemmers.get(name) or stemmers.setdefault(name, Stemmer.Stemmer(name, maxCacheSize=0))


class Phrase(msgspec.Struct, frozen=True):
    """Tokens that follow each other; with `prefix` the last may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


Clause = tuple[Phrase, ...]
"""One thing asked for: any of these phrases satisfies it."""


class Search(msgspec.Struct, frozen=True):
    """Every clause of `required` must be found, none of `excluded`."""

    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.excluded)


def parse(text: str, algorithms: Sequence[str], parameter: str = "q") -> Search:
    """The search `text` asks for; a word matches by its stem under any of the Snowball `algorithms`.

    Raises InvalidParameter, which names the `parameter`, for a short prefix, and for too many of them.
    """
    prefixes = 0
    required: dict[Clause, None] = {}
    excluded: dict[Clause, None] = {}
    for match in _ITEM.finditer(text.translate(_QUOTES)):
        minus, quoted, plain = match.groups()
        if len(required) + len(excluded) >= MOST_CLAUSES:
            break
        if plain is None:
            phrase = _phrase(quoted, False, parameter)
            (excluded if minus else required).update({(term,): None for term in phrase})
            continue
        clauses = excluded if plain.startswith("-") else required
        for part in [plain] if plain.startswith("-") else _APOSTROPHES.split(plain):
            prefixes += bool(_PREFIX.search(part))
            if prefixes > MOST_PREFIXES:
                raise InvalidParameter(
                    parameter, f"at most {MOST_PREFIXES} prefixes such as oil*; write whole words."
                )
            clauses.update(dict.fromkeys(_clauses(part, algorithms, parameter)))
    return Search(tuple(required), tuple(excluded))


def _clauses(plain: str, algorithms: Sequence[str], parameter: str) -> tuple[Clause, ...]:
    """One clause, or none where there is nothing to search for."""
    prefix = bool(_PREFIX.search(plain))
    parts = list(runs(plain))
    if len(parts) == 1 and not parts[0].unspaced and not prefix:
        return (_word(plain, parts[0], algorithms),)
    return tuple((phrase,) for phrase in _phrase(plain, prefix, parameter))


def _word(plain: str, run: Run, algorithms: Sequence[str]) -> Clause:
    forms = [run.tokens()[0]]
    for stem, tagged in stems("".join(words(plain)), algorithms):
        forms += [tagged, stem]
    return tuple(Phrase((form,)) for form in dict.fromkeys(forms))


def _phrase(text: str, prefix: bool, parameter: str) -> tuple[Phrase, ...]:
    parts = list(runs(text))
    if not parts:
        return ()
    tokens = [token for run in parts for token in run.tokens()]
    if prefix and not is_long_enough(parts[-1]):
        raise InvalidParameter(
            parameter,
            f"the prefix {tokens[-1]}* is too short; give at least {SHORTEST_PREFIX} letters before *,"
            " or the whole word without it.",
        )
    if parts[-1].unspaced:
        # The run may go on in the document: its last character alone is no token there, but begins one.
        prefix = prefix or len(parts[-1].text) == 1
        if len(parts[-1].text) > 1:
            tokens.pop()
    return (Phrase(tuple(tokens), prefix),)


def is_long_enough(prefix: Run) -> bool:
    """Whether words can be searched for by `prefix`."""
    return prefix.unspaced or len(prefix.text) >= SHORTEST_PREFIX
