"""A small newspaper with what a page has to cope with: scripts, directions, long words, players, stubs."""

import struct
import wave
import zlib
from pathlib import Path

SITE = """\
title = "The Harbour Gazette"
description = "News from a harbour that does not exist."
author = { name = "Gazette desk" }
rights = "Nobody's."
id_authority = "gazette.example"
id_year = 2026
"""

PARAGRAPH = (
    "The harbour master counted the boats twice on Monday and came to the same number both times, which the"
    " council called progress. Nobody could say who had ordered the second count, or what it had cost."
)

FULL = f"""\
---
title: The harbour opens again after a winter of waiting
subtitle: Ferries leave every hour, and the fish market is back on the quay
date: 2026-03-01 18:00
updated: 2026-03-03 09:30
author: [{{name: Ada Osei, url: "https://ada.example/"}}, Bo Lindqvist]
dateline: PORT ELLEN
summary: After four months the harbour takes ships again. The council says the wall will hold.
tags: [Harbour, Council, Ferries]
source: {{name: The Paper, title: Harbour reopens, url: "https://paper.example/1", date: 2026-02-28}}
image: {{url: quay.png, alt: Boats along the quay}}
attachments: [minutes.pdf, interview.wav]
correction: An earlier version gave the wrong number of boats.
aliases: [harbour-reopens]
translationKey: harbour
---
{PARAGRAPH}

![Boats along the quay](quay.png)

## What it cost

{PARAGRAPH} More stands in [the minutes](minutes.pdf), and in a footnote.[^1]

> "We waited, and the sea waited with us," said one skipper.

| boat | length | berth |
| --- | ---: | --- |
| Aurora | 12 m | 4 |
| Ines Maria | 31 m | 11, on the outer wall beside the old crane that nobody uses |

```python
def berth(boat: str, quay: tuple[str, ...] = ("inner", "outer")) -> int:  # a line that is wider than a phone
    return hash((boat, quay)) % 12
```

[^1]: {PARAGRAPH}
"""

ARABIC = """\
---
title: فتح الميناء من جديد بعد شتاء طويل
date: 2026-02-20
author: سارة حداد
tags: [ميناء]
lang: ar
translationKey: harbour
---
عاد الميناء إلى العمل صباح الاثنين بعد أربعة أشهر من الانتظار. وقال المجلس إن الجدار سيصمد هذه المرة.

وغادرت أول عبارة عند الساعة الثامنة، وعلى متنها اثنا عشر راكبا فقط.
"""

JAPANESE = """\
---
title: 冬を越えて港が再び開く
date: 2026-02-19
author: 佐藤花子
tags: [港]
lang: ja
---
月曜日の朝、港は四か月ぶりに船を迎えた。町議会は、今度こそ防波堤は持ちこたえると説明している。

最初のフェリーは午前八時に出航し、乗客は十二人だけだった。
"""

LONG = f"""\
---
title: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlungsprotokoll
date: 2026-02-18
lang: de
author: {"Wolfeschlegelsteinhausenbergerdorff" * 2}
tags: [{", ".join(f"Hafenverwaltungsangelegenheit {number}" for number in range(1, 21))}]
---
https://harbour.example/{"a-very-long-address-without-a-break/" * 8}

{"Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4}
"""

WITHDRAWN = """\
---
title: The wall fell
date: 2026-01-05
withdrawn: {reason: It did not fall., at: 2026-01-06T12:00:00Z}
---
"""

HOSTILE = """\
---
title: <script>alert(1)</script> & friends
date: 2026-02-17
tags: [Harbour]
---
<style>body { display: none }</style><script>document.title = "taken"</script>

<form action="https://elsewhere.example/"><input name="q" autofocus></form>

<h1 id="main" onclick="alert(1)" style="position: fixed; inset: 0">A heading of its own</h1>

<img src="quay.png" onerror="alert(1)"><a href="javascript:alert(1)">a link</a>

</main></body></html> The text goes on.
"""


PAGE = f"""---
title: About the harbour
menu: 1
image: {{url: ../quay.png, alt: The quay}}
---
{PARAGRAPH}

## Who writes

[The first report](../report-01.md) was by Ada Osei.
"""


def write(folder: Path) -> Path:
    """Fill `folder` with the newspaper, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pages").mkdir(exist_ok=True)
    (folder / "site.toml").write_text(SITE, "utf-8")
    (folder / "quay.png").write_bytes(picture(640, 360))
    (folder / "minutes.pdf").write_bytes(b"%PDF-1.4\n" + b"% nothing was decided\n" * 200)
    with wave.open(str(folder / "interview.wav"), "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        sound.writeframes(b"\x80" * 8000)
    articles = {
        "harbour-opens": FULL,
        "harbour-opens-ar": ARABIC,
        "harbour-opens-ja": JAPANESE,
        "long-words": LONG,
        "wall-fell": WITHDRAWN,
        "hostile": HOSTILE,
        "pages/about": PAGE,
    }
    for number in range(1, 27):
        articles[f"report-{number:02}"] = (
            f"---\ntitle: Harbour report {number}, with what was landed and what was lost\n"
            f"date: 2026-01-{number:02} 08:00\nauthor: Ada Osei\ntags: [Reports, Harbour]\n---\n"
            f"{PARAGRAPH}\n\n{PARAGRAPH}\n"
        )
    for slug, text in articles.items():
        (folder / f"{slug}.md").write_text(text, "utf-8")
    return folder


def picture(width: int, height: int) -> bytes:
    """A PNG of one calm colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x5b\x7f\x95" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
