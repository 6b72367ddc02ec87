"""The HTML of a scraped page as a tree.

In: the source of a page. Out: the element that holds the article, and the metadata in `<meta>`, `<time>` and
JSON-LD. Begin reading at `elements.parse_page`.
"""
