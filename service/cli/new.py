"""`broadsheet new`."""

import contextlib
import sys

import click

from service.cli.options import read_settings
from service.content import derive_id, load, read, scan, write_front_matter
from service.content.identity.slugs import MAX_SLUG_BYTES, shorten
from service.errors import ContentError
from service.index import now
from service.model import slugify
from service.settings import Settings


def run(title: str, slug: str | None, **options: str | None) -> None:
    """Write a draft called `title` into the folder; exit status 1 if its slug or id is taken."""
    settings = read_settings(options)
    new_slug = shorten(slugify(slug or title), MAX_SLUG_BYTES)
    if not new_slug:
        raise click.BadParameter("it has no letter or digit to make an address of; use --slug.")
    article_id = derive_id(settings.site, settings.site.language, new_slug)
    if owner := _find_owner(settings, new_slug, article_id):
        click.echo(f"broadsheet: {owner} already has the slug {new_slug!r} or its id; use --slug.", err=True)
        sys.exit(1)
    file = settings.content / f"{new_slug}.md"
    date = now().astimezone(settings.site.zone).isoformat(timespec="seconds")
    front_matter = write_front_matter(
        {
            "title": title.strip(),
            "date": date,
            "id": article_id,
            "slug": new_slug,
            "summary": "",
            "tags": [],
            "draft": True,
        }
    )
    try:
        settings.content.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as output:
            output.write(f"{front_matter}\n")
    except FileExistsError:
        click.echo(f"broadsheet: {file} already exists; use --slug.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"broadsheet: {file} cannot be written: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(f"created {file}; remove `draft: true` to publish it.")


def _find_owner(settings: Settings, slug: str, article_id: str) -> str | None:
    """The file of the article with this slug, alias or id, scheduled articles included.

    Feed readers treat a second article with the same id as the first.
    """
    if not settings.content.is_dir():
        return None
    scanned = scan(settings.content)
    for file in scanned.files:
        with contextlib.suppress(ContentError):
            data = read(settings.content, file.path)
            loaded = load(settings.content, file.path, data, settings.site, scanned.context)
            for article in (*loaded.articles, *loaded.pages):
                if slug in {article.slug, *article.aliases} or article.id == article_id:
                    return file.path
    return None
