"""Fields: the keys of front matter become the typed fields of an Article.

In: a `RawArticle` and its keys. Out: title, body, summary, authors, images, attachments and the rest, with
faults and notes. Begin with `field_reader`; each other module reads one kind of field.
"""
