"""Markdown, HTML and plain text become safe HTML, plain text and a summary.

Safe HTML is what an allow-list lets through, with every reference marked: one that stays on the site begins
with SITE (`<a href="\\x01/files/a.png">`), one within the article with SELF (`<a href="\\x02#fn-1">`). Both are
control characters, which text never holds, so making them absolute is one `str.replace` (see `urls`).
"""

SITE = "\x01"
SELF = "\x02"
