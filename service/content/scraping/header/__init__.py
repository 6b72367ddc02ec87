"""The lines above the text: headline, standfirst, byline and date.

In: a `LineBuffer`. Out: the metadata in its first lines, which are removed from the buffer. Begin reading at
`header_block.read_header_block`.
"""
