"""Stores the articles of a file or folder, replacing those with the same slug."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from bench.peers.article_files import read_article, read_articles
from bench.peers.django_site.models import Article, Tag


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)

    @transaction.atomic
    def handle(self, source: Path, **options: object) -> None:
        for file in read_articles(source) if source.is_dir() else [read_article(source)]:
            values = {
                "title": file.title,
                "author": file.author,
                "published": file.published,
                "html": file.html,
            }
            article, _ = Article.objects.update_or_create(slug=file.slug, defaults=values)
            article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in file.tags])
