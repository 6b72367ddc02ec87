"""The words by which lines below a text are known: walls, appeals, lists of tags, threads, who wrote."""

import re

from service.content.scraped.trailer_words import whole

# What lies behind a wall, and what asks readers to pay; only ever below the text or as a line of its own.
WALL = whole(
    r"(?:this |the )?(?:article|story|content)? ?(?:is )?(?:for )?subscribers?[ -]only(?: content)?|"
    r"(?:this )?(?:article|story|content) is (?:only )?(?:for|available to|reserved for) .{0,20}"
    r"(?:subscribers|members).{0,60}|to (?:continue|keep) reading.{0,100}",
    r"(?:cet )?article (?:est )?réservé (?:à nos|aux) abonnés.{0,20}|"
    r"la suite (?:de l['’]article )?est réservée .{0,40}|"
    r"il (?:vous )?reste \d+ ?% .{0,60}",
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
    r"|\b(?:welcomes?|send) (?:your )?letters to the editor\b",
    re.IGNORECASE,
)

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
CREDIT = re.compile(
    r"[(（]?(?:(?:additional )?(?:reporting|writing|editing)|edited|compiled|produced|"
    r"translated) by [^.!?]{3,160}[.)）]*"
    r"|(?:责任)?编辑\s?[:：].{1,20}|(?:責任)?編輯\s?[:：].{1,20}|redaktion\s?: .{2,60}"
    r"|(?:source|quelle|fuente|fonte|źródło|bron|kilde|källa|来源|來源|출처)\s?[:：]\s?\S.{1,40}",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:e-?mail|contact|kontakt)?:?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
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
SAYS = re.compile(r".{1,40} (?:says|said|wrote|schreibt|sagt|dit|dice|diz):", re.IGNORECASE)
AGO = whole(
    r"(?:(?:about|over|almost) )?(?:\d+|an?|one) ?(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|"
    r"w|weeks?|"
    r"months?|mos?|y|yrs?|years?)(?: ago)?(?: \(?edited\)?)?",
    r"vor (?:\d+|einem|einer) \w+|il y a .{1,4} \w+|h(?:á|ace) .{1,4} \w+|.{1,4} \w+ fa|.{1,6} назад|"
    r"قبل .{1,12}|منذ .{1,12}|\d+ ?(?:分|時間|日|か月|ヶ月|年)前|\d+ ?(?:分钟|小时|天|个月|年)前|"
    r"\d+ ?(?:분|시간|일|개월|년) 전",
)
ANSWER = whole(
    r"(?:reply|like|likes?|dislike|upvote|downvote|report(?: comment| abuse)?|flag|share|quote|show replies|"
    r"antworten|melden|gefällt mir|répondre|signaler|j['’]aime|responder|me gusta|denunciar|curtir|"
    r"rispondi|segnala|"
    r"reageer|svara|svar|odpowiedz|ответить|пожаловаться|رد|أعجبني|返信|いいね|通報|回复|回覆|赞|답글|신고|공감)"
    r"(?:\s?[(\[]?\d*[)\]]?)(?:\s*[·|•]\s*\w+(?: ?\(?\d+\)?)?)*",
)
POLICY = re.compile(
    r"\b(?:comments?|kommentare?|commentaires?|comentarios|comentários|commenti)\b.{0,200}\b(?:moderat\w+|"
    r"guidelines|submitted|reject\w+|approv\w+|remov\w+|delet\w+|abusive|offensive|civil|polic(?:y|ies)|"
    r"rules|registered|freigeschaltet|moderiert|netiquette|modér\w+|publi[ée]s|moderad\w+)\b"
    r"|\b(?:moderate|approve|reject|delete|remove)s? (?:all |any |your |the )*comments\b|please (?:keep|"
    r"be) .{0,60}\b(?:civil|respectful|on topic)\b.{0,80}",
    re.IGNORECASE,
)
