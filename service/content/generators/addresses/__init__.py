"""The parts of an address scheme that several generators share.

In: the path, fields and date of an article. Out: the tokens of a pattern, filled in. Begin with `scheme`.
"""
