"""Documents for search engines and browsers: `robots.txt`, sitemaps, and the description of the search.

In: articles, or what the site has of them, and `Urls`. Out: bytes. Begin with `sitemap`.
"""
