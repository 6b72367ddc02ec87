"""What a reader types into a search box, understood: `iraq "oil ministry" -opinion petrol*`.

Every word is required; `"…"` is a phrase, taken literally; `-` before either excludes it; `*` after a word
stands for any ending. What has no meaning (a lone `-`, an open quote) has none, and is no error.
A search in which nothing can be searched for (`!?`) finds nothing; one that only excludes finds the rest.

A prefix of one or two letters stands for thousands of words, whose lists of articles would be merged for
every such search: it is an error, and so are more prefixes than MOST_PREFIXES. In scripts without spaces
between words one character says as much as three letters, and needs no `*`.
"""

import re
from collections.abc import Sequence

import msgspec

from service.errors import InvalidParameter
from service.index.analyser import Run, runs, stems, words

MOST_CLAUSES = 64
"""Words beyond these are not looked at: nobody types so many, and each costs a look into the index."""

SHORTEST_PREFIX = 3
MOST_PREFIXES = 4

_ITEM = re.compile(r'(-?)"([^"]*)(?:"|$)|([^\s"]+)')
_PREFIX = re.compile(r"\w\W*\*$")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞「」『』", '"'))
_APOSTROPHES = re.compile("['’‘`´]")


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
