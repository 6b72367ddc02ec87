"""Rows of buttons: the names of networks, one on each line, and the numbers that count what was pressed."""

import re

from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose

_NETWORK = re.compile(
    r"(?:on |via |to )?(?:facebook|twitter|x|whats ?app|linked ?in|reddit|telegram|pinterest|messenger|"
    r"flipboard|"
    r"bluesky|threads|tumblr|mastodon|instagram|youtube|google\+?|line|wechat|微博|微信|vkontakte|viber|"
    r"skype)(?: (?:count|share|tweet))?",
    re.IGNORECASE,
)
_PRESS = re.compile(
    r"(?:share|tweet|post|print|e-?mail|e-mail|save|copy|copy (?:link|url)|copiar (?:link|enlace)|"
    r"copier le lien|like|"
    r"comments?|shares?|teilen|drucken|partager|imprimer|compartir|imprimir|compartilhar|condividi|stampa|"
    r"dela|"
    r"deel|udostępnij|поделиться|paylaş|مشاركة|طباعة|شارك|शेयर|シェア|ツイート|分享|공유)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})*k?|0", re.IGNORECASE)
_LEAST = 2


def drop_share_buttons(buffer: LineBuffer) -> None:
    """Cut each row of two buttons or more, and the counts in it.

    Names of networks alone are a row above or below the text; between paragraphs they may be a list.
    """
    lines = buffer.lines
    prose = [index for index, line in enumerate(lines) if is_prose(line.text)]
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_button(lines[end].text):
            end += 1
        row = lines[start:end]
        outside = not prose or end <= prose[0] or start > prose[-1]
        if _is_row(row, outside=outside):
            buffer.cut(row, "share", "is a row of buttons")
        start = max(end, start + 1)


def _is_button(text: str) -> bool:
    return bool(_NETWORK.fullmatch(text) or _PRESS.fullmatch(text) or _COUNT.fullmatch(text))


def _is_row(row: list[Line], *, outside: bool) -> bool:
    networks = sum(bool(_NETWORK.fullmatch(line.text)) for line in row)
    pressed = sum(bool(_PRESS.fullmatch(line.text)) for line in row)
    return networks + pressed >= _LEAST and networks > 0 and (outside or pressed > 0)
