"""Parsing: the bytes of a file become raw articles.

In: bytes. Out: `FileContents`, the keys and the text of each article with their lines, and faults. Begin with
`decoding` (bytes to text), then `split_file` (text to raw articles) and `front_matter` (text to keys).
"""
