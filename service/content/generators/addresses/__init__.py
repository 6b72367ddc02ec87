"""The addresses that an engine made from patterns in its settings: `/:year/:title/` → `/2019/vote`.

One file an engine: `*_scheme` makes the scheme of a site from its settings, once a folder, and
`made_address` asks it for each article. No engine knows another.
"""
