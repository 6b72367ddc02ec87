"""What changes from one revision of the index to the next, and the journal of it.

In: the articles that a write transaction shows, hides or reaches by a link. Out: a `Difference` for each
revision, kept in the journal, and the digests of all visible articles. Begin with `recording`.
"""
