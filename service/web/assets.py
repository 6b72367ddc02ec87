"""What the service serves of its own: its icon."""

import struct
from functools import cache

from service.publisher import Rendered

ICON_PIXELS = 32
_PAPER = (0xFD, 0xFC, 0xFA, 0xFF)
_INK = (0x1C, 0x1B, 0x19, 0xFF)
_ACCENT = (0x8A, 0x2D, 0x16, 0xFF)


@cache
def icon() -> Rendered:
    """A sheet of news as an icon of 32 × 32 pixels: a headline and lines of text, drawn here."""
    pixels = [[_pixel(x, y) for x in range(ICON_PIXELS)] for y in range(ICON_PIXELS)]
    return Rendered.of("image/vnd.microsoft.icon", _ico(pixels))


def _pixel(x: int, y: int) -> tuple[int, int, int, int]:
    if not (3 <= x <= 28 and 1 <= y <= 30):
        return (0, 0, 0, 0)
    if x in {3, 28} or y in {1, 30}:
        return _INK
    if 6 <= x <= 25 and 5 <= y <= 8:
        return _ACCENT
    lines = y in {12, 13, 16, 17, 20, 21, 24, 25}
    return _INK if lines and 6 <= x <= (25 if y < 24 else 17) else _PAPER


def _ico(rows: list[list[tuple[int, int, int, int]]]) -> bytes:
    """Pixels as an ICO file with one 32-bit bitmap, rows from the bottom up, and an empty mask."""
    pixels = b"".join(
        bytes((blue, green, red, alpha)) for row in reversed(rows) for red, green, blue, alpha in row
    )
    mask = bytes(ICON_PIXELS * ICON_PIXELS // 8)
    header = struct.pack(
        "<IiiHHIIiiII", 40, ICON_PIXELS, ICON_PIXELS * 2, 1, 32, 0, len(pixels + mask), 0, 0, 0, 0
    )
    image = header + pixels + mask
    entry = struct.pack("<BBBBHHII", ICON_PIXELS, ICON_PIXELS, 0, 0, 1, 32, len(image), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + image
