"""Parsing: the bytes of a file become raw articles.

In: bytes. Out: `RawArticle`, the keys and the text of an article with their lines, and faults. Begin with
`decoding` (bytes to text), then `split_file` (text to raw articles).
"""
