"""A request's address in; its base URL, a redirect or an error out.

Begin with `middleware`, which applies the other modules to every request before it is routed.
"""
