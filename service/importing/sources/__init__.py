"""The bytes of an export, a feed or a page become items and notes: a module or a package for each source.

Each has a `read_…` function that yields them in their order; `detect` chooses it. Begin with `feeds`.
"""
