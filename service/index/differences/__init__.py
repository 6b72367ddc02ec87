"""The differences between revisions of the index, and the journal of them.

In: the articles that a write transaction shows, hides or reaches by a link. Out: a `Difference` for each
revision, kept in the journal, and the digests of all visible articles. Begin with `recording`.
"""
