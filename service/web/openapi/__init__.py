"""The OpenAPI document: the tables of operations, parameters and problem types in, the document out.

Begin reading at `document`. `operations` says what each address is for; `schemas` and `examples` are made
from the structs and formats of the responses.
"""
