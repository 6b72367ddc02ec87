"""Scraped pages: finds the article in a page, and its metadata in the lines around it.

In: the text or HTML of a page without front matter. Out: the article as HTML, its metadata as front-matter
entries, and a receipt for each line left out. Begin reading at `extraction.extract_article`.
"""

from service.content.scraping.extraction import ScrapedArticle, read_text
from service.content.scraping.raw_articles import read_scraped

__all__ = ["ScrapedArticle", "read_scraped", "read_text"]
