"""The index in one SQLite file: `build` writes it, `index` answers from it. SQLite 3.40 and later."""
