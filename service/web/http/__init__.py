"""Rules of HTTP as pure functions: request headers and a representation in, a choice or headers out.

The modules are independent: negotiation (RFC 9110 §12), conditional requests (§13), security headers.
"""
