"""Front matter: the metadata of an article in its own file, with the line of each key.

In: text. Out: entries and faults; and entries written as YAML. Begin with `splitting` (front matter apart
from text), then `values`. `known_keys` has the keys that generators read.
"""
