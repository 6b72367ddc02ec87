"""MDX: Markdown with imports, components and expressions in JavaScript, which are never run.

In: a text in MDX. Out: the same as Markdown. Begin with `convert`; `detection` finds MDX in Markdown, `jsx`
reads tags and expressions, `blocks` arranges the lines.
"""
