"""Articles as JSON."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404

from bench.peers.article_files import PAGE
from bench.peers.django_site.models import Article


def as_json(article: Article) -> dict[str, Any]:
    return {
        "slug": article.slug,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "tags": [tag.name for tag in article.tags.all()],
        "html": article.html,
    }


def list_articles(request: HttpRequest) -> JsonResponse:
    page = Paginator(Article.objects.prefetch_related("tags"), PAGE).get_page(request.GET.get("page"))
    return JsonResponse({"articles": [as_json(article) for article in page], "total": page.paginator.count})


def get_article(request: HttpRequest, slug: str) -> JsonResponse:
    return JsonResponse(as_json(get_object_or_404(Article, slug=slug)))
