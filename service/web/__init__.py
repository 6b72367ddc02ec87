"""The Litestar application: an HTTP request comes in, a response with validators and links goes out.

`app.create_app` joins the parts: `ResponseCache` around `AddressMiddleware` around the routes in `handlers/`.
Begin reading there; errors become problem documents in `problems/`, the OpenAPI document is in `openapi/`.
"""
