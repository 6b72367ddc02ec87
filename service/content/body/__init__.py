"""Body: the text of an article and its title.

In: a `RawArticle` and its `Fields`. Out: a `Body`, which is the source with shortcodes replaced, and a
`TitledBody`: title, summary, safe HTML and plain text. Begin with `body_and_summary`, then `titles`.
"""
