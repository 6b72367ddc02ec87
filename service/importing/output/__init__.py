"""Items become Markdown files: their front matter, their media, their old addresses, their file names.

Begin with `compose`, which loads each file again before `output_folder` writes it.
"""
