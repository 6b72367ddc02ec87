"""Documents of unknown origin (XML, JSON, feeds, microformats) become values that readers of sources use.

Nothing is fetched, no entity is expanded, and a fault has its line. Begin with `feed_document`.
"""
