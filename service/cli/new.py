"""`broadsheet new`."""

import contextlib
import sys

import click

from service.cli.options import read_settings
from service.content import derive_id, load, read, scan, write_front_matter
from service.errors import ContentError
from service.index import now
from service.model import slugify
from service.settings import Settings


def run(title: str, slug: str | None, **options: str | None) -> None:
    """Write a draft called `title` into the folder; exit status 1 if its slug or id is taken."""
    settings = read_settings(options)
    chosen = slugify(slug or title)
    if not chosen:
        raise click.BadParameter("nothing of this can stand in an address; give --slug.")
    article_id = derive_id(settings.site, settings.site.language, chosen)
    if owner := _owner(settings, chosen, article_id):
        click.echo(f"broadsheet: {owner} has the slug {chosen!r} or its id already; give --slug.", err=True)
        sys.exit(1)
    file = settings.content / f"{chosen}.md"
    began = now().astimezone(settings.site.zone).isoformat(timespec="seconds")
    front_matter = write_front_matter(
        {
            "title": title.strip(),
            "date": began,
            "id": article_id,
            "slug": chosen,
            "summary": "",
            "tags": [],
            "draft": True,
        }
    )
    try:
        settings.content.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(f"{front_matter}\n")
    except FileExistsError:
        click.echo(f"broadsheet: {file} is there already; give --slug.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"broadsheet: {file} cannot be written: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(f"{file} is begun; take out `draft: true` to publish it.")


def _owner(settings: Settings, slug: str, article_id: str) -> str | None:
    """The file of the article that has this slug, now or formerly, or this id; scheduled ones count too.

    An id is for ever: readers would take a second article with it for the first.
    """
    if not settings.content.is_dir():
        return None
    found = scan(settings.content)
    for file in found.files:
        with contextlib.suppress(ContentError):
            data = read(settings.content, file.path)
            for article in load(settings.content, file.path, data, settings.site, found.context).articles:
                if slug in {article.slug, *article.aliases} or article.id == article_id:
                    return file.path
    return None
