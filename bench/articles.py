"""Generated articles for benchmarks: the same ones for the same seed and number, on any machine.

Words and tags are Zipf-distributed, an article has 1.5 kB on average, in one of five languages, with a date
within sixteen years. `article_records` yields them one by one, so that any number takes the same memory.
"""

import itertools
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SEED = 20261128
WORDS = 60_000
TAGS = 400
AUTHORS = 800
SOURCES = 60
LANGUAGES = ("en", "en-GB", "de", "fr", "zh")
LANGUAGE_WEIGHTS = (70, 8, 8, 8, 6)
WORDS_OF_AN_ARTICLE = (80, 400)
FIRST_DAY, DAYS = 1_262_304_000, 5_800  # 2010-01-01
SYLLABLES = [first + vowel for first in "bcdfghjklmnpqrstvwxyz0123456789" for vowel in "aeiou"] + list(
    "aeiou"
)
LINES_OF_A_FILE = 500
FILES_OF_A_FOLDER = 1000
WORDS_OF_A_PARAGRAPH = 60


def vocabulary(chance: random.Random) -> list[str]:
    """Distinct words of one to five syllables that begin with every letter and digit, the commonest first."""
    words: dict[str, None] = dict.fromkeys(("the", "of", "and", "to", "in", "that", "is", "was", "for", "on"))
    while len(words) < WORDS:
        words["".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 3, 4, 4, 5))))] = None
    return list(words)


def article_records(articles: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """`articles` records as a line of JSON or the front matter of a file has them."""
    chance = random.Random(seed)
    words = vocabulary(chance)
    word_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    tag_weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(TAGS)))
    characters = [chr(0x4E00 + number) for number in range(1500)]
    character_weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(characters))))
    for number in range(articles):
        language = chance.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0]
        length = chance.randint(*WORDS_OF_AN_ARTICLE)
        if language == "zh":
            text = "".join(chance.choices(characters, cum_weights=character_weights, k=length))
            title = text[:12]
        else:
            chosen = chance.choices(words, cum_weights=word_weights, k=length)
            starts = range(0, length, WORDS_OF_A_PARAGRAPH)
            paragraphs = [" ".join(chosen[start : start + WORDS_OF_A_PARAGRAPH]) for start in starts]
            link = f"[{chosen[1]} {chosen[2]}](https://example.org/{number})"
            text = "\n\n".join([*paragraphs, f"- See {link}.\n- **{chosen[3]}** {chosen[4]}"])
            title = " ".join(chosen[:8])
        published = FIRST_DAY + chance.randrange(DAYS) * 86_400 + chance.randrange(86_400)
        yield {
            "title": title,
            "slug": f"article-{number}",
            "id": f"urn:article:{number}",
            "text": text,
            "language": language,
            "date": _instant(published),
            "updated": _instant(published + chance.randrange(30 * 86_400)) if chance.random() < 0.2 else None,
            "tags": sorted({f"t{tag}" for tag in chance.choices(range(TAGS), cum_weights=tag_weights, k=5)}),
            "author": f"Author {chance.randrange(AUTHORS)}",
            "source": {"name": f"Source {chance.randrange(SOURCES)}"},
        }


def write_lines(folder: Path, articles: int) -> None:
    """Articles as JSON lines below `folder`, LINES_OF_A_FILE a file."""
    folder.mkdir(parents=True, exist_ok=True)
    records = article_records(articles)
    for number in range((articles + LINES_OF_A_FILE - 1) // LINES_OF_A_FILE):
        lines = [json.dumps(record) for record in itertools.islice(records, LINES_OF_A_FILE)]
        (folder / f"{number:04}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def write_files(folder: Path, articles: int) -> None:
    """Articles as Markdown files below `folder`, FILES_OF_A_FOLDER a folder."""
    for number, record in enumerate(article_records(articles)):
        if number % FILES_OF_A_FOLDER == 0:
            subfolder = folder / f"{number // FILES_OF_A_FOLDER:04}"
            subfolder.mkdir(parents=True)
        _write_file(subfolder / f"{record['slug']}.md", record)


def write_file(path: Path, seed: int) -> None:
    """Write an article that differs from all of `write_files`, with the name of the file as its slug."""
    (record,) = article_records(1, seed)
    _write_file(path, {**record, "slug": path.stem, "id": f"urn:article:{path.stem}"})


def _write_file(path: Path, record: dict[str, Any]) -> None:
    text = record.pop("text")
    # JSON is YAML: no value needs quoting by hand.
    fields = [f"{name}: {json.dumps(value)}\n" for name, value in record.items() if value is not None]
    path.write_text(f"---\n{''.join(fields)}---\n\n{text}\n", encoding="utf-8")


def change_title(path: Path, title: str) -> None:
    """Edit a file that `write_files` wrote."""
    text = path.read_text("utf-8")
    path.write_text(re.sub("^title: .*$", f'title: "{title}"', text, count=1, flags=re.MULTILINE), "utf-8")


def add_paragraph(path: Path, seed: int) -> None:
    """Add a paragraph of generated words to a file that `write_files` wrote."""
    (record,) = article_records(1, seed)
    words = record["text"].split()[:WORDS_OF_A_PARAGRAPH]
    path.write_text(f"{path.read_text('utf-8')}\n{' '.join(words)}\n", "utf-8")


def withdraw(path: Path) -> None:
    """Withdraw an article that `write_files` wrote."""
    path.write_text(path.read_text("utf-8").replace("---\n", "---\nwithdrawn: It was wrong.\n", 1), "utf-8")


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
