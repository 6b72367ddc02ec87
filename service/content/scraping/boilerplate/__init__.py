"""Boilerplate: the lines of a page that are not part of the article.

In: a `LineBuffer`. Out: the same buffer without navigation, share buttons, captions, comments and links
to other articles. Begin reading at `line_rules.match_boilerplate`.
"""
