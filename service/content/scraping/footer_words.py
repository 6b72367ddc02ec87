"""The words by which lines below a text are known: walls, appeals, lists of tags, who wrote."""

import re

from service.content.scraping.boilerplate_words import whole

# What lies behind a wall, and what asks readers to pay; only ever below the text or as a line of its own.
WALL = whole(
    r"(?:this |the )?(?:article|story|content)? ?(?:is )?(?:for )?subscribers?[ -]only(?: content)?|"
    r"(?:this )?(?:article|story|content) is (?:only )?(?:for|available to|reserved for) .{0,20}"
    r"(?:subscribers|members).{0,60}|to (?:continue|keep) reading.{0,100}",
    r"(?:cet )?article (?:est )?réservé (?:à nos|aux) abonnés.{0,20}|"
    r"la suite (?:de l['’]article )?est réservée .{0,40}|"
    r".{3,40} (?:est|sont) réservée?s? aux abonnés\W*|il (?:vous )?reste \d+ ?% .{0,60}",
    r"(?:dieser )?(?:artikel|beitrag|inhalt) ist (?:nur )?(?:für|exklusiv für) .{0,40}abonnenten.{0,60}|"
    r"weiterlesen mit .{0,40}|exklusiv für abonnenten",
    r"(?:contenido |artículo )?(?:exclusivo|solo) para suscriptores.{0,40}|"
    r"(?:conteúdo )?exclusivo para assinantes.{0,40}|(?:articolo|contenuto) riservato agli abbonati.{0,40}|"
    r"эта статья доступна .{0,40}|この記事は(?:有料)?会員限定.{0,30}|有料記事.{0,20}",
)
APPEAL = re.compile(
    r"(?:support|fund|back) (?:us|our (?:journalism|reporting|work|newsroom))\b.{0,30}(?:from|"
    r"for) (?:as little as|just|only)"
    r"|(?:now|already|help(?:ed)?) (?:to )?support us\b|\bsmall favou?r to ask\b"
    r"|(?:make|consider) a (?:donation|contribution)\b|\bversion of this (?:article|story) (?:appear|ran|was)"
    r"|(?:do you have|have you got|got) a (?:story|tip|news tip)\b.{0,160}(?:e-?mail|call|contact|@|"
    r"let us know)"
    r"|^(?:join|subscribe|upgrade) .{1,80}\bfor (?:just|only) [$€£]|^only [$€£]\d+|"
    r"^.{0,60}\b(?:news|analysis|journalism|reporting|coverage)\b.{0,20} you can trust$|"
    r"\bsign up to receive it\b"
    r"|\b(?:welcomes?|send) (?:your )?letters to the editor\b",
    re.IGNORECASE,
)

# What opens an appeal of several paragraphs, to the end.
APPEAL_OPENS = re.compile(
    r"\bsmall favou?r to ask\b|^(?:since|now that) you['’]?re here\b|"
    r"^(?:do|if) you (?:value|appreciate|believe in|rely on|like|enjoy) (?:our|what we|this kind of)\b|"
    r"^(?:are you|as) a (?:dedicated|regular|loyal) reader\b|^you appreciate our\b",
    re.IGNORECASE,
)
# Nobody but the page speaks to its readers of its own work.
OUR_WORK = re.compile(
    r"^(?=.*\b(?:you|your)\b)(?=.*\b(?:we|our|us)\b)"
    r".*\b(?:our|us|independent|free) (?:[\w-]+ ){0,2}(?:journalis\w+|reporting|newsroom|newsletters?|"
    r"coverage|"
    r"subscribers?|supporters?|reporters|daily briefing|app)\b",
    re.IGNORECASE,
)
LOOSE_TAGS = re.compile(
    r"(?:key ?words?|tags|topics|related (?:subjects|topics|tags)|"
    r"read more stories about)\s+(?P<names>[^.!?:,]{1,60},[^.!?:]{1,100}|\S+(?: \S+){0,3}(?<![.!?:]))",
    re.IGNORECASE,
)
HASHTAGS = re.compile(r"(?:[#＃]\w+[\s,;]*)+")
STANDARDS = re.compile(
    r"(?:our (?:standards|principles|ethics)|editorial (?:standards|policy|guidelines))\s?:.{0,100}",
    re.IGNORECASE,
)
# Above a list of tags, each on a line of its own.
TAG_LIST = whole(
    r"(?:tags?|(?:related )?topics?|keywords?|labels?|categor(?:y|ies)|more (?:on|about)|"
    r"explore more(?: on)?|"
    r"filed under|posted in|in this (?:story|article)|schlagw(?:ö|oe)rter|schlagworte?|themen|stichw(?:ö|"
    r"o)rter|"
    r"mots[- ]clés|thèmes?|thématiques?|étiquettes?|archivado en|etiquetas|temas|argomenti|tópicos|assuntos|"
    r"onderwerpen|ämnen|emner|tagi|теги|метки|темы|etiketler|وسوم|الوسوم|タグ|キーワード|标签|標籤|태그):?"
)
SOURCE = re.compile(
    r"(?:(?:source|quelle|fuente|fonte|źródło|bron|kilde|källa|kaynak|sumber|источник|المصدر|स्रोत|来源|"
    r"來源|出典|출처)"
    r"\s?[:：]\s?|via:?\s+(?=https?:|[\w-]+\.[\w.-]+$))(?P<name>(?P<address>https?://\S+)|"
    r"[\w-]+(?:\.[\w-]+)+|"
    r"[^\s.,:;!?][^.,:;!?]{1,50})\.?",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"[(（]?(?:(?:additional )?(?:reporting|writing|editing)|edited|compiled|produced|"
    r"translated) by [^.!?]{3,160}[.)）]*"
    r"|(?-i:[A-ZÀ-Þ])[^.!?:]{2,100} (?:also )?contributed (?:reporting|to this (?:report|article|"
    r"story))\b[^.!?]{0,60}\.?"
    r"|[(（]?with (?:additional |further )?(?:reporting|files|material|information|agency inputs?|inputs?)\b"
    r"[^.!?]{0,20}\b(?:by|from) [^.!?]{2,80}[.)）]*"
    r"|[(（]?(?:except for the headline, )?this (?:story|article|report|copy) (?:has not been|"
    r"was not) (?:edited|created)"
    r" by .{1,200}|[(（]?इस (?:खबर|ख़बर|स्टोरी) को .{1,60}संपादित नहीं .{1,120}"
    r"|(?-i:[a-zäöü]{2,4})(?:/[a-zäöü]{2,5}){0,3} ?\((?:[^()]*\b)?(?:apa|dpa|afp|ap|reuters|epd|kna|efe|"
    r"ansa|upi)\b"
    r"[^()]{0,40}\)|[a-zäöü]{2,4}(?:/(?:dpa|afp|ap|reuters|epd|"
    r"kna|efe|ansa))+"
    r"|[(（](?:(?:apa|dpa|afp|ap|reuters|epd|kna|efe|ansa|upi|tt|ntb|ritzau)(?:[,/ -]+|"
    r"[)）])){1,4}[^()]{0,12}[)）]?"
    r"|[(（]?责编\s?[:：].{1,20}"
    r"|(?:责任)?编辑\s?[:：].{1,20}|(?:責任)?編輯\s?[:：].{1,20}|redaktion\s?: .{2,60}"
    r"|(?:source|quelle|fuente|fonte|źródło|bron|kilde|källa|来源|來源|출처)\s?[:：]\s?\S.{1,40}"
    r"|.{5,160}\b(?:tel|fax|phone)\b.\W{0,3}(?:[\d ()+-]{7,20})?",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"(?:e-?mail|contact|kontakt)?:?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:twitter|x|instagram|"
    r"follow)?:?\s*@\w{2,30}",
    re.IGNORECASE,
)
ABOUT_AUTHOR = re.compile(
    r"(?:about the authors?|about the writers?|author bio(?:graphy)?|meet the author|(?:zur person|"
    r"über (?:den autor|"
    r"die autor(?:in|en)))|(?:à propos de )?l['’]auteure?|sobre (?:el autor|la autora|o autor|a autora)|"
    r"l['’]autor[ei]|о авторе|عن الكاتب|著者プロフィール|執筆者紹介|作者简介)(?::?| ?: .{2,80})",
    re.IGNORECASE,
)
IS_SOMEBODY = re.compile(
    r"\s*(?:,.{2,80},)?\s*(?:is|was|are|were|has|writes|works|covers|reports|teaches|lives|joined|ist|war|"
    r"schreibt|"
    r"arbeitet|lebt|est|écrit|es|escribe|è|scrive|é|escreve|is een|är|er)\s",
    re.IGNORECASE,
)
