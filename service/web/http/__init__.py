"""Rules of HTTP as pure functions: request headers and a representation in, a choice or headers out.

Each module stands for itself: negotiation (RFC 9110 §12), conditional requests (§13), security headers.
"""
