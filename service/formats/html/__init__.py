"""In: the values that the other formats get, and problems. Out: pages, rendered from Jinja templates.

Templates escape everything except the HTML of articles, which `markup` has sanitised. Begin with
`page.render`, then `pages.listing`.
"""

from service.formats import Format
from service.formats.html.pages.article import render_article
from service.formats.html.pages.directory import render_directory
from service.formats.html.pages.listing import render_listing
from service.formats.html.pages.problem import problem_page
from service.formats.html.pages.search import search_page
from service.formats.html.pages.subscription import PREVIEWED, subscription
from service.formats.html.template_check import fault_of_templates
from service.model import FORMAT_DESCRIPTIONS

__all__ = ["HTML", "PREVIEWED", "fault_of_templates", "problem_page", "search_page", "subscription"]

HTML = Format(
    description=FORMAT_DESCRIPTIONS["html"],
    listing=render_listing,
    article=render_article,
    directory=render_directory,
    for_people=True,
)
