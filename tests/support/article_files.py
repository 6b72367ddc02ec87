"""Articles as Markdown files."""

from pathlib import Path


def write_article(folder: Path, name: str, **front_matter: object) -> Path:
    """Write an article to the file `name`; its text follows from the name."""
    lines = "".join(f"{key}: {value}\n" for key, value in front_matter.items())
    file = folder / name
    file.write_text(f"---\n{lines}---\n\nText of {name}.\n", "utf-8")
    return file
