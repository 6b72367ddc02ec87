"""A raw query string in, a validated `Query` out, or an error that names the parameter.

Begin with `parameters`, the table of all parameters; `parsing` applies it, `values` parses single values.
"""
