"""Credits: who wrote an article, where, and for whom.

In: one line of a page, or the last lines of a buffer. Out: the names, dates and places in them. Begin reading
at `byline.read_byline`.
"""
