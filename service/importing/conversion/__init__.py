"""The HTML of an item becomes Markdown that renders to the same, or stays HTML where Markdown cannot.

Begin with `to_markdown`, which renders every block again and compares it by its `structure_fingerprint`.
"""
