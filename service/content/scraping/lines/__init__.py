"""The lines of a scraped page.

In: plain text. Out: `Line` values in a `LineBuffer`, which records what each rule removes, and in the end the
HTML of the lines that are left. Begin reading at `line_buffer`.
"""
