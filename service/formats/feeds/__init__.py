"""In: a page of articles and `Urls`. Out: the bytes of a feed: Atom 1.0, RSS 2.0 or JSON Feed 1.1.

`feed` has what all three have in common. feedgen writes the XML, with the corrections of `feedgen_patches`.
Begin with `atom`.
"""
