"""Reading settings files: data of any type, literals in code, and what generators name alike.

In: the values in a settings file. Out: site metadata and defaults for folders. Begin with `values`.
"""
