"""An exception in, a problem document or a page about it out (RFC 9457).

Begin with `types`, the table of all problems; `response` writes the responses.
"""
