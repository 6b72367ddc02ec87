"""Scraped pages: what in them is the article, and what the rest says of it.

A page is a sheet of lines. Each rule takes lines out of it and leaves a receipt; what no rule
explains is text.
"""

from service.content.scraping.raw_articles import Page, read_scraped
from service.content.scraping.read_page import Scraped, read_text

__all__ = ["Page", "Scraped", "read_scraped", "read_text"]
