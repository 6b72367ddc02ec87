"""The pages, a module for each kind: articles, lists, directories, problems, the API, search, subscription.

In: the values that the other formats get. Out: bytes, by `page.render`. Begin with `listing`.
"""
