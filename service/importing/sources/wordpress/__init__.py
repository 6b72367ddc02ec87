"""WordPress: the posts of its exports become items.

In: a document in WXR. Out: items and notes. Begin with `export`; `text` turns the blocks and blank lines of a
post into HTML, `shortcodes` what stands in square brackets.
"""
