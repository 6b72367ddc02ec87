"""Articles and their tags."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=100, unique=True)


class Article(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=200)
    published = models.DateTimeField(db_index=True)
    html = models.TextField()
    tags = models.ManyToManyField(Tag, related_name="articles")

    class Meta:
        ordering = ("-published",)

    def get_absolute_url(self) -> str:
        return f"/articles/{self.slug}"
