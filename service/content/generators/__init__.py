"""Static site generators: what their settings and data files say about articles. Their code is never run.

In: settings and data files. Out: defaults, excluded paths, site metadata and the addresses articles had.
Begin with `registry`, one row a generator; each has its settings and its address scheme in one file.
"""
