"""The addresses of the site."""

from django.urls import path

from bench.peers.django_site.feeds import ArticlesWithTag, NewestArticles
from bench.peers.django_site.views import get_article, list_articles

urlpatterns = [
    path("articles.json", list_articles),
    path("articles/<slug:slug>.json", get_article),
    path("feed.atom", NewestArticles()),
    path("tags/<slug:tag>/feed.atom", ArticlesWithTag()),
]
