"""Paragraphs for scraped pages, and the lines a page lost."""

from service.content.records import LoadedFile

PROSE = (
    "The river rose by two metres in a night, the mayor told reporters.",
    "Nobody was hurt, and the bridge has been open again since the morning.",
    "The school will stay closed until the cellar is dry, which may take a week.",
    "Volunteers carried the books of the library to the upper floor in the dark.",
)


def lost_lines(text: str, result: LoadedFile) -> list[str]:
    """Return the lines whose text is neither in the article nor in a receipt of that line."""
    kept = strip_spaces(result.articles[0].content_text) if result.articles else ""
    receipts: dict[int, str] = {}
    for receipt in result.receipts:
        receipts[receipt.line] = receipts.get(receipt.line, "") + strip_spaces(receipt.text)
    lost = []
    for number, line in enumerate(text.split("\n"), start=1):
        rest = strip_spaces(line).removeprefix(receipts.get(number, ""))
        if rest and rest not in kept:
            lost.append(line)
    return lost


def strip_spaces(text: str) -> str:
    return "".join(text.split())
