"""Fields: the keys of front matter become the typed fields of an Article.

In: the keys of a `RawArticle`. Out: dates, authors, images, attachments and the rest, with faults and notes.
Begin with `field_reader`; each other module reads one kind of field. The text and its title are in `body`.
"""
