"""What stands beside an article: neighbours in the order of the site, and what is related by tags."""

from functools import partial
from pathlib import Path

from service.index import Index
from service.model import Article
from service.publisher.related import find_related, find_tagged
from service.query import RelatedArticles
from tests.support.index_folder import Folder


def beside(folder: Folder, slug: str) -> RelatedArticles:
    async def asked(index: Index) -> RelatedArticles:
        article = await index.find_article(slug)
        assert isinstance(article, Article)
        return await find_related(index, article, partial(find_tagged, index))

    return folder.ask(asked)


def slugs(*articles: Article | None) -> list[str | None]:
    return [article.slug if article else None for article in articles]


def test_neighbours_are_those_of_the_list(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name, date in (
        ("a", "2019-01-01"),
        ("b", "2019-01-01"),
        ("c", "1815-06-18"),
        ("d", None),
        ("e", None),
    ):
        folder.write(name, date=date)
    folder.refresh()
    order = [article.slug for article in folder.find().articles]

    for place, slug in enumerate(order):
        neighbours = beside(folder, slug)
        expected = [order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None]
        assert slugs(neighbours.newer, neighbours.older) == expected, slug


def test_what_shares_the_rarest_tags_is_nearest_and_other_languages_are_left_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("here", date="2019-01-01", tags=["common", "rare", "shared"])
    folder.write("rare", date="2010-01-01", tags=["rare"])
    folder.write("both", date="2011-01-01", tags=["common", "shared"])
    folder.write("new", date="2018-01-01", tags=["common"])
    folder.write("old", date="2012-01-01", tags=["common"])
    folder.write("last", date="2009-01-01", tags=["common"])
    folder.write("autre", date="2018-06-01", tags=["rare", "shared"], language="fr")
    folder.write("alone", date="2018-07-01")
    folder.refresh()

    assert slugs(*beside(folder, "here").related) == ["both", "rare", "new", "old"]
    assert beside(folder, "alone").related == ()


def test_it_knows_when_anything_last_changed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a", date="2019-01-01")
    folder.write("b", date="2019-01-02", updated="2020-05-05")
    folder.refresh()

    assert beside(folder, "a").modified == folder.find().modified
