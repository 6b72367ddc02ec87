"""Changes of the text of an article that depend on more than the text: made when it is served.

In: the safe HTML or the source of a text, and facts such as which links are hidden. Out: the same, adapted.
"""
