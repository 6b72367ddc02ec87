"""Files: those of the content folder that are not articles, such as pictures, and how articles refer to them.

In: a path or a reference. Out: the file it means, its kind and media type, and whether it is served. Begin
with `access` (the rule of `/files/`) and `dependencies` (what an article looks up).
"""
