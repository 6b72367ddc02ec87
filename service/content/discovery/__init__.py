"""Discovery: which files are articles, and what the folder says of them.

In: the content folder. Out: a `Scan` with article files, exclusions and the `SiteContext`; the metadata of a
path; the other files that an article depends on. Begin with `scan`.
"""
