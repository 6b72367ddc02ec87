"""Ghost: the posts of its exports become items.

In: a document in JSON. Out: items and notes. Begin with `export`; `cards` turns what the editors keep into
HTML.
"""
