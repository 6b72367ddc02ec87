"""Served text: what becomes of the text of an article when it is served, where this depends on more than it.

In: the safe HTML or the source of a text, and facts such as which links are hidden. Out: the same, adapted.
"""
