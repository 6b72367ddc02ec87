"""The OpenAPI document: Litestar's route handlers in, the document as a JSON value out.

Litestar's generator makes it from what the handlers declare; `document` completes what Litestar cannot know.
Handlers use `declarations`; `schemas` and `examples` are made from the structs and formats of the responses.
"""
