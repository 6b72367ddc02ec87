"""Atom feeds by the syndication framework."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed

from bench.peers.article_files import PAGE
from bench.peers.django_site.models import Article, Tag


class HTMLContentFeed(Atom1Feed):
    """Atom with the whole text; the framework itself writes summaries only."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class NewestArticles(Feed):
    feed_type = HTMLContentFeed
    title = "Articles"
    link = "/"

    def items(self) -> QuerySet[Article]:
        return Article.objects.prefetch_related("tags")[:PAGE]

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> None:
        return None

    def item_author_name(self, item: Article) -> str:
        return item.author

    def item_pubdate(self, item: Article) -> datetime:
        return item.published

    def item_updateddate(self, item: Article) -> datetime:
        return item.published

    def item_categories(self, item: Article) -> list[str]:
        return [tag.name for tag in item.tags.all()]

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {"content": item.html}


class ArticlesWithTag(NewestArticles):
    def get_object(self, request: HttpRequest, tag: str) -> Tag:
        return get_object_or_404(Tag, name=tag)

    def items(self, tag: Tag) -> QuerySet[Article]:
        return tag.articles.prefetch_related("tags")[:PAGE]
