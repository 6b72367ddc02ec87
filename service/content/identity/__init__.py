"""Ids, slugs and addresses of articles.

In: fields, path and title of an article; then the claims of all. Out: slugs, ids, translations, redirects.
Begin with `claims` (one article), then `assign_slugs` (all of them).
"""
