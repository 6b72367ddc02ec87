"""Small sites of one generator each, and the addresses that an article had there."""

from pathlib import Path

from service.content import load, read, scan
from service.model import Site

HUGO = "baseURL = 'https://x.example/'\n"


def post(**fields: str) -> str:
    """An article of 7 March 2019, late in the evening in New York, with these fields."""
    defaults = {"title": "What's new?", "date": "2019-03-07 23:30:00 -0500"}
    return "".join(
        ("---\n", *(f"{name}: {value}\n" for name, value in (defaults | fields).items()), "---\nText.\n")
    )


POST = post()


def addresses(root: Path, settings: dict[str, str], path: str, text: str, site: Site) -> tuple[str, ...]:
    for name, written in {**settings, path: text}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(written, "utf-8")
    scanned = scan(root)
    assert (scanned.faults, scanned.exclusions) == ((), ())
    loaded = load(root, path, read(root, path), site, scanned.context)
    assert loaded.faults == ()
    return (*loaded.articles, *loaded.pages)[0].addresses


NEW_YORK = Site(time_zone="America/New_York")
UTC = Site()
