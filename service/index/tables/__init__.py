"""Groups of tables that a build keeps up to date, a module for each.

In: rows and facts of changed files. Out: the rows of these tables, and what they hold of the previous build.
Begin with `source_files`; `identities` assigns slugs and ids, `content_tree` makes the hash of a revision.
"""
