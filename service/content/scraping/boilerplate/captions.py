"""Captions and credits of pictures, which a scraper leaves among the paragraphs."""

import re
from itertools import pairwise

from service.content.scraping.lines.line_buffer import LineBuffer, display_width, ends_sentence, is_prose

_LONGEST = 500
_LONGEST_SIGNED = 200
_SENTENCES = 2
_LONGEST_FILED = 2000
_LONGEST_CREDIT = 180
_WORD = (
    r"(?:pictured|photos?|photography|photograph|pictures?|images?|credits?|photo credit|image credit|"
    r"picture credit|"
    r"photo courtesy|courtesy|file photo|illustration|graphic|map|screengrab|screenshot|video|fotos?|"
    r"bild(?:er)?|"
    r"grafik|symbolbild|archivbild|archivfoto|quelle|crédits?(?: photos?)?|image d'illustration|imagen|"
    r"imágenes|"
    r"crédito|immagine|fotografia|fotografía|foto de archivo|imagem|crédit photo|beeld|фото|zdjęcie|fot|kuva|"
    r"foto: archiv|صورة|الصورة|تصوير|عدسة|写真|画像|撮影|提供|图片|圖片|图|사진)"
)
_OPENING = re.compile(
    rf"{_WORD}(?:\s(?:by|credit|courtesy(?: of)?|von|de|di|par))?\s?[:：=＝／/©|]", re.IGNORECASE
)
_PHOTO_BY = re.compile(
    r"(?i:(?:file )?photos?|photographs?|photography|illustrations?|images?|video|fotos?) (?:by|von|par|por|"
    r"courtesy of) [A-ZÀ-Þ]"
)
_BY_AT_END = re.compile(
    r"[.!?”\"]\s*[(\[]?(?:photos?|photographs?|fotos?|image)(?: \w+)? (?:by|von|par|"
    r"por) [A-ZÀ-Þ][^.!?]{2,50}$",
    re.IGNORECASE,
)
# The labels a page has for those who cannot see, with the caption behind a comma or on the next line.
_LABEL = re.compile(
    r"(?:image|media|picture|photo) (?:caption|copyright|source|credit)\b|(?:fuente de la imagen|pie de foto|"
    r"crédito|legenda da foto|автор фото|подпись к фото|صدر الصورة|التعليق على الصورة|इमेज स्रोत|इमेज कैप्शन|"
    r"kaynak|fotoğraf altı yazısı|图像来源|图像加注文字|圖像來源|圖像加註文字|사진 출처|사진 설명)\s?[,،，]",
    re.IGNORECASE,
)
# What a scraper leaves of the picture itself.
_PICTURE = re.compile(
    r"!\[[^\]]*\]\([^()\s]*\)|<(?:img|image|figure|picture)\b[^<>]*>.*|data:image/\S+|\S+\.(?:jpe?g|png|"
    r"gif|webp)",
    re.IGNORECASE,
)
_TAIL_CREDIT = re.compile(
    r"(?:[^\s.]|[”\"»«“])\s(?:Foto|Photo|Bild|Picture|Image|Beeld|Fot\.|Photograph|Zdjęcie|"
    r"Фото)s?\s?[:：]\s?[A-ZÀ-Þ©][^.!?]{1,60}$"
    r"|[.!?”\"]\s(?:[A-Z][\w.'’-]+ ){1,2}[A-Z][\w'’-]+/(?:[A-Z][\w.]*(?:\s|$)){1,4}$"
    r"|[.!?]\s(?:REUTERS|AFP|AP Photo|EPA)\s?/\s?[A-Z][\w'’.-]+ [A-Z].{0,120}$"
    r"|\s?[(（](?:[A-Z][\w.&-]* ){0,3}[Pp]hotos?[)）]\.?$"
    r"|[.!?”\"]\s?[(（](?:[A-Z][\w.&'-]* ?){1,5}(?:: ?|/)(?:[A-Z][\w.&'-]* ?){1,5}[)）]$"
    r"|\b(?i:image|photo|picture) (?i:source|credit|courtesy)\s?[:：].{0,60}$"
    r"|[(（](?:AFP|AP|EPA|ロイター|共同|時事)(?:時事|通信社?)?[)）]$"
)
# How agencies open a caption: with place and day.
_PLACE_AND_DAY = re.compile(
    r"[A-Z][A-Z .,'’-]{2,50} [-–] (?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|"
    r"DEC)[A-Z]* \d{1,2}(?:, \d{4})?: "
)
# How they end a report: what a paragraph that ends so tells is no picture.
_SIGN_OFF = re.compile(
    r"[.!?”\"“»]\s*(?:[—–-]+\s*|[(\[])?(?:[a-z]{2,4}/)*(?:AFP|AP|Reuters|REUTERS|dpa|EFE|ANSA|Xinhua|UPI|"
    r"IANS|PTI|Agencies)"
    r"(?:/[a-z]{2,4}|/dpa|/AFP|/AP)*[)\]]?\.?$"
)
_INITIALS = re.compile(r"[.!?”\"“»]\s(?:[a-z]{2,4}/)*(?:AFP|AP|Reuters|dpa|epd|KNA|SID|APA)(?:/[a-z]{2,4})+$")
_STOP = re.compile(r"[.!?…][”\"»)]*\s+(?=[A-ZÀ-Þ“\"„«])")
_FILE = re.compile(
    r"FILE\s*(?:PHOTO)?\s*[-–—:]\s*|\(?File photo\b|In this .{3,60}? (?:file )?(?:photo|image|"
    r"picture)\b[^.]{0,60},"
)
_NAMES = (
    r"(?<!\w)(?:AFP|AP Photo|Getty|Reuters|REUTERS|AP|EPA|dpa|EFE|ANSA|Xinhua|Shutterstock|iStock|"
    r"Unsplash|Flickr|"
    r"Wikimedia|ロイター|共同|時事)(?!\w)"
)
_IN_BRACKETS = re.compile(
    rf"[(\[（【［]\s?{_WORD}\s?(?:[)\]）】］]\.?$|(?:[:：＝=／/©|]|\b(?:by|courtesy|credit|von|via|par|"
    rf"por)\b)"
    rf"[^()\[\]（）【】]{{0,80}}[)\]）】］]?\.?$)"
    rf"|(?:^|[.!?”\"。]\s?)[(\[（][^()\[\]（）]{{0,60}}{_NAMES}[^()\[\]（）]{{0,60}}[)\]）]$"
    rf"|[(\[（][^()\[\]（）]{{0,60}}(?:AP Photo|Getty Images|(?:{_NAMES})\s?/|"
    rf"/\s?(?:{_NAMES}))[^()\[\]（）]{{0,60}}[)\]）]\.?$",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    rf"(?:\s[-–—|/]\s?|©\s?|[.!]\s+)[^()\[\]（）.!]{{0,60}}?{_NAMES}[^()\[\]（）.]{{0,40}}[)\]）]?$"
)
_NAMED = re.compile(_NAMES)
_SLASHED = re.compile(
    r"[^.!?]{3,80}\s?/\s?(?:AFP|AP|Getty(?: Images)?|Reuters|REUTERS|EPA|dpa|EFE|ANSA|Shutterstock)\)?$"
)
_HOLDER = re.compile(r"©\s?[^\d\W][^.]{1,80}$")
_ALONE = re.compile(
    r"\d+ (?:photos|images|pictures|fotos|bilder|zdjęcia|imágenes|immagini)|media playback is .{1,60}|"
    r"(?:view|see|show)?\s?(?:image|photo|gallery|slideshow|full ?screen|enlarge(?: this)? image|caption|"
    r"play video)s?",
    re.IGNORECASE,
)


_PLAYER = re.compile(r"(?:play|watch) (?:the )?video|video|media caption.{0,10}", re.IGNORECASE)
_PLAYED = re.compile(r".{3,120}\s\(?\d{1,2}:\d{2}\)?")


def drop_captions(buffer: LineBuffer) -> None:
    """Cut the captions among the paragraphs, and what a film is called between its button and its length."""
    lines = buffer.lines
    labelled = {
        below.position
        for above, below in pairwise(lines)
        if is_bare_label(above.text) and display_width(below.text) < _LONGEST_CREDIT
    }
    played = {
        below.position
        for above, below in pairwise(lines)
        if _PLAYER.fullmatch(above.text) and _PLAYED.fullmatch(below.text) and not ends_sentence(below.text)
    }
    for line in lines:
        if line is lines[-1] and _SIGN_OFF.search(line.text):
            continue
        if is_caption(line.text) or line.position in played | labelled:
            buffer.cut([line], "caption", "is the caption or credit of a picture")


def ends_in_agency(text: str) -> bool:
    """Whether a line above the text, no sentence, ends in the name of an agency: it tells of a picture."""
    return bool(re.search(r"\w (?:AFP|AP|EPA|REUTERS|Reuters|dpa|EFE|ANSA|TT|NTB)$", text)) and not (
        _is_sentence_about_agency(text) or is_prose(text)
    )


def is_bare_label(text: str) -> bool:
    """Whether `text` only announces a caption, which then stands on the next line."""
    told = _LABEL.match(text)
    return told is not None and not text[told.end() :].strip(" ,،，:")


def is_caption(text: str) -> bool:
    """Whether a whole line tells of a picture: it opens or ends as captions do, with a credit."""
    if len(text) > _LONGEST:
        return len(text) < _LONGEST_FILED and bool(
            _FILE.match(text) and _IN_BRACKETS.search(text[-_LONGEST_CREDIT:])
        )
    if _LABEL.match(text) or _PICTURE.fullmatch(text):
        return True
    if (
        _PLACE_AND_DAY.match(text)
        or _OPENING.match(text)
        or _PHOTO_BY.match(text)
        or _FILE.match(text)
        or _HOLDER.match(text)
    ):
        return True
    if _ALONE.fullmatch(text):
        return True
    long = display_width(text) > _LONGEST_SIGNED or len(_STOP.findall(text)) >= _SENTENCES
    if _INITIALS.search(text) or (long and _SIGN_OFF.search(text)):
        return False
    end = text[-_LONGEST_CREDIT:]
    if _TAIL_CREDIT.search(end) or _IN_BRACKETS.search(end) or _BY_AT_END.search(end):
        return True
    if not _NAMED.search(end[-60:]) or _is_sentence_about_agency(end):
        return False
    return bool(_AGENCY.search(end) or ("/" in end and _SLASHED.search(end)))


def _is_sentence_about_agency(text: str) -> bool:
    """`…, he told Reuters` and the like: running text that merely names one."""
    return bool(
        re.search(
            r"\b(?:told|to|with|by|from|said|says|an|the|and|of|via)\s+(?:the\s+)?[\w ]{0,20}[)\]]?$", text
        )
    )
