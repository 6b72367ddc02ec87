"""What a reader types into a search box, understood: `iraq "oil ministry" -opinion petrol*`.

Every word is required; `"…"` is a phrase, taken literally; `-` before either excludes it; `*` after a word
stands for any ending. What has no meaning (a lone `-`, an open quote) has none, and is no error.
A search in which nothing can be searched for (`!?`) finds nothing; one that only excludes finds the rest.

A beginning of one or two letters stands for thousands of words, whose lists of articles would be merged for
every such search: it is an error, and so are more than MOST_BEGINNINGS. In scripts without spaces between
words one character says as much as three letters, and needs no `*`.
"""

import re
from collections.abc import Sequence

import msgspec

from service.errors import InvalidParameter
from service.index.analyser import Run, runs, stems, words

MOST_CLAUSES = 64
"""Words beyond these are not looked at: nobody types so many, and each costs a look into the index."""

LEAST_OF_A_BEGINNING = 3
MOST_BEGINNINGS = 4

_ITEM = re.compile(r'(-?)"([^"]*)(?:"|$)|([^\s"]+)')
_BEGINNING = re.compile(r"\w\W*\*$")
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


def parse(text: str, algorithms: Sequence[str]) -> Search:
    """The search `text` asks for; a word matches by its stem under any of the Snowball `algorithms`.

    Raises InvalidParameter for a beginning that is too short, and for too many of them.
    """
    beginnings = 0
    required: dict[Clause, None] = {}
    excluded: dict[Clause, None] = {}
    for match in _ITEM.finditer(text.translate(_QUOTES)):
        minus, quoted, plain = match.groups()
        if len(required) + len(excluded) >= MOST_CLAUSES:
            break
        if plain is not None and _BEGINNING.search(plain):
            beginnings += 1
            if beginnings > MOST_BEGINNINGS:
                raise InvalidParameter(
                    "q", f"at most {MOST_BEGINNINGS} beginnings such as oil*; write the other words out."
                )
        if plain is None:
            phrase = _phrase(quoted, False)
            (excluded if minus else required).update({(found,): None for found in phrase})
        elif plain.startswith("-"):
            excluded.update(dict.fromkeys(_clauses(plain, algorithms)))
        else:
            for part in _APOSTROPHES.split(plain):
                required.update(dict.fromkeys(_clauses(part, algorithms)))
    return Search(tuple(required), tuple(excluded))


def _clauses(plain: str, algorithms: Sequence[str]) -> tuple[Clause, ...]:
    """One clause, or none where there is nothing to search for."""
    prefix = bool(_BEGINNING.search(plain))
    parts = list(runs(plain))
    if len(parts) == 1 and not parts[0].unspaced and not prefix:
        return (_word(plain, parts[0], algorithms),)
    return tuple((phrase,) for phrase in _phrase(plain, prefix))


def _word(plain: str, run: Run, algorithms: Sequence[str]) -> Clause:
    forms = [run.tokens()[0]]
    for stem, tagged in stems("".join(words(plain)), algorithms):
        forms += [tagged, stem]
    return tuple(Phrase((form,)) for form in dict.fromkeys(forms))


def _phrase(text: str, prefix: bool) -> tuple[Phrase, ...]:
    parts = list(runs(text))
    if not parts:
        return ()
    tokens = [token for run in parts for token in run.tokens()]
    if prefix and not is_beginning(parts[-1]):
        raise InvalidParameter(
            "q",
            f"{tokens[-1]}* is too short a beginning; give at least {LEAST_OF_A_BEGINNING} letters before *,"
            " or the whole word without it.",
        )
    if parts[-1].unspaced:
        # The run may go on in the document: its last character alone is no token there, but begins one.
        prefix = prefix or len(parts[-1].text) == 1
        if len(parts[-1].text) > 1:
            tokens.pop()
    return (Phrase(tuple(tokens), prefix),)


def is_beginning(run: Run) -> bool:
    """Whether words can be searched for that begin with `run`."""
    return run.unspaced or len(run.text) >= LEAST_OF_A_BEGINNING
