"""Pages for people: the HTML twin of every query, article, directory and problem.

Everything is escaped by the templates but the article's own HTML, which an allow-list has made safe
(`markup`). Each page points to the feeds of exactly its own query.
"""

from service.formats import Format
from service.formats.html.article import render_article
from service.formats.html.directory import directory
from service.formats.html.listing import listing
from service.formats.html.problem import problem_page
from service.formats.html.subscription import PREVIEWED, subscription
from service.formats.html.template_check import fault_of_templates
from service.model import FORMAT_DESCRIPTIONS

__all__ = [
    "HTML",
    "PREVIEWED",
    "fault_of_templates",
    "problem_page",
    "subscription",
]

HTML = Format(
    description=FORMAT_DESCRIPTIONS["html"],
    listing=listing,
    article=render_article,
    directory=directory,
    for_people=True,
)
