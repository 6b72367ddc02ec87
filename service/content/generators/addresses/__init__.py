"""The addresses that articles had: schemes of generators, and the parts that several of them share.

In: the path, fields and date of an article. Out: its address on the old site. Begin with `article_addresses`,
then `scheme`.
"""
