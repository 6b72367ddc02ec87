"""What the engines keep beside articles: settings and defaults, read as data and never run.

`keeps` knows the files by their names, `read_engine` reads the settings of one site, `directory_defaults` and
`cascades` the defaults a folder gives its articles, `site_facts` what the folder says of the site,
`schemes_of` how its addresses were made, `resources` which files are but parts of a page.
"""
