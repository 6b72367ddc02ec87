"""Dates: the text of a date becomes an instant in UTC.

In: dates in front matter, in the names of files, and as printed on pages. Out: `ParsedDate` and `PrintedDate`
values. Begin with `date_field` (a field), `printed_dates` (a line of a page), `vocabulary` (the words).
"""
