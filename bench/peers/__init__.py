"""Other software that serves articles as feeds and JSON, each set up as its documentation says.

`bench.peers.compare` runs them and Broadsheet in turn. The other modules run in an environment of their own
(`requirements.txt`), without Broadsheet.
"""
