"""Template tags: those of Liquid, Hugo, Zola, Nunjucks and Hexo in a text.

In: a text without code. Out: the text with known tags as HTML, without unknown ones. Begin with `replace`;
`known_tags` has one row a tag.
"""
