"""A site whose files are edited at random: articles and pages that link to each other, with dates ahead."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.support.index_folder import NOW
from tests.support.published_folder import PublishedFolder

FILES = ("a.md", "b.md", "b.md", "c.md", "d.md", "about.md", "sub/index.md", "e.md")
LINKS = ("b.md", "../b/", "c", "/old-b", "/former/c.html", "/articles/d", "/about", "sub/index.md", "#top")


class RandomSite(PublishedFolder):
    """A folder whose articles and pages link to each other, and are edited at random."""

    def __init__(self, path: Path, seed: int) -> None:
        super().__init__(path)
        self.random = random.Random(seed)  # noqa: S311
        self.clock = NOW

    def edit(self) -> None:
        """Write or delete one file, or let some hours pass."""
        choose = self.random.choice
        path = self.root / choose(FILES)
        path.parent.mkdir(exist_ok=True)
        chance = self.random.random()
        if chance < 0.15:
            path.unlink(missing_ok=True)
        elif chance < 0.3:
            self.clock += timedelta(hours=choose([1, 5, 24]))
        else:
            path.write_text(f"---\n{''.join(self._fields(path.stem))}---\n\n{self._links()}\n")

    def _fields(self, name: str) -> Iterator[str]:
        choose = self.random.choice
        hours = choose([-5, 1, 3, 24])
        soon = (self.clock + timedelta(hours=hours)).isoformat()
        facts = {
            "title": choose([name, "Same"]),
            "slug": choose([None, None, "x"]),
            "type": "page" if name == "about" and self.random.random() < 0.8 else None,
            "date": choose(["2019-01-01", "2019-01-02", soon]),
            "expires": choose([None, None, None, soon]),
            "updated": choose([None, None, soon]),
            "correction": choose([None, "It was wrong."]),
            "lang": choose([None, None, "de"]),
            "translation_key": choose([None, "k"]),
            "aliases": choose([None, f"[old-{name}, /former/{name}.html]"]),
            "withdrawn": choose([None] * 5 + ["wrong"]),
            "draft": choose([None] * 5 + ["true"]),
            "redirect_to": choose([None] * 12 + ["/a"]),
        }
        yield from (f"{key}: {value}\n" for key, value in facts.items() if value)

    def _links(self) -> str:
        links = self.random.sample(LINKS, self.random.randrange(4))
        return " ".join(f"[{number}]({link})" for number, link in enumerate(links))
