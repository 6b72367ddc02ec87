"""The words by which readers' comments are known: headings, forms, rules, and what stands around each one."""

import re

from service.content.scraping.boilerplate_words import whole

# After such a line there are only the words of readers, to the end.
COMMENTS = whole(
    r"comments? \(\d+ \w+\)?|(?:no|\d+) comments?:?|(?:read|see|open|add|new|add new|"
    r"view) comments?(?: ?\(?\d+\)?)?|"
    r"(?:view|join|start) the (?:discussion|conversation)(?: thread)?|start a (?:discussion|conversation)|"
    r"deixe uma resposta|lascia una risposta|laisser une réponse|hinterlasse eine antwort|"
    r"antwort hinterlassen|"
    r"there are no comments(?: yet)?|(?:the )?comments below have (?:not )?been .{1,40}",
    r"(?:\(?\d+\)? |all |user |reader |readers['’] |facebook |latest |recent |top )*comments?(?: section|"
    r" policy)?(?:\s?[(\[:]\s?\d+\s?[)\]]?)",
    r"(?:\d+ |all |user |reader |readers['’] |facebook |latest |recent |top )*comments(?: section| policy|"
    r" are closed| \d+)?|\d+ comment",
    r"(?:leave|post|write|add|submit|make) (?:a|your) (?:comment|reply|response)(?: below)?|"
    r"leave a reply.{0,40}",
    r"join the (?:conversation|discussion)|have your say|be the first to (?:comment|reply|share).{0,40}",
    r"(?:\d+|one|two|three) (?:responses?|thoughts?|replies|reactions?)(?: (?:to|on) .{1,200})?|(?:view|"
    r"show|read|see|"
    r"load) (?:all |the |more )*(?:\d+ )?comments(?: \(?\d+\)?)?",
    r"comments? (?:policy|guidelines|rules)|community guidelines|disqus|conversation \(\d+\)|"
    r"discussion \(\d+\)",
    r"(?:\d+ |leser)?kommentare(?:\s?\(?\d+\)?)?|\d+ kommentar|"
    r"(?:schreiben? (?:sie )?)?(?:einen? )?kommentar (?:schreiben|verfassen|hinterlassen|abgeben)|"
    r"schreiben? (?:sie )?einen kommentar.{0,30}|diskutieren sie mit|diskussion \(\d+\)",
    r"(?:\d+ |(?:vos|tous|les) )*commentaires?(?:\s?\(?\d+\)?)|(?:\d+ |(?:vos|tous|les) )*commentaires|"
    r"(?:laisser|ajouter|écrire|poster) un commentaire|vos réactions|réagir|aucun commentaire",
    r"(?:\d+ )?comentarios?(?:\s?\(?\d+\)?)|comentarios|(?:deja|dejar|escribe|añade|publicar) (?:un|"
    r"tu) comentario|deja una respuesta",
    r"(?:\d+ )?commenti(?:\s?\(?\d+\)?)?|(?:lascia|scrivi|aggiungi) un commento|"
    r"(?:\d+ )?comentários(?:\s?\(?\d+\)?)?|(?:deixe|escreva) (?:um|o seu|seu) comentário",
    r"(?:\d+ )?reacties(?:\s?\(?\d+\)?)?|(?:laat|geef|plaats) een reactie.{0,20}|"
    r"(?:\d+ )?kommentarer(?:\s?\(?\d+\)?)?|(?:lämna|skriv|legg igjen) en kommentar|kommentarer",
    r"(?:\d+ )?komentarze(?:\s?\(?\d+\)?)?|dodaj komentarz|wszystkie komentarze|"
    r"(?:\d+ )?комментари[ия](?:\s?\(?\d+\)?)?|"
    r"(?:оставить|добавить|написать) комментарий|yorumlar(?:\s?\(?\d+\)?)?|yorum (?:yap|yaz)",
    r"(?:ال)?تعليقات(?:\s?\(?[\d٠-٩]+\)?)?|(?:اترك|أضف|اكتب) تعليق.{0,20}|شارك برأيك|نظرات|تגובות|תגובות",
    r"टिप्पणि(?:यां|याँ)|टिप्पणी(?: करें)?|कमेंट(?:्स)?(?: करें)?|अपनी राय दें",
    r"コメント(?:する|を書く|を残す|一覧|欄)?(?:\s?[(（]?\d+件?[)）]?)?|みんなのコメント|(?:网友|"
    r"網友)?[评評][论論](?:\s?[(（]?\d+[)）]?)?|"
    r"发表评论|留言|댓글(?: ?\d+| 쓰기)?",
)

# What the form asks that takes comments, line by line.
FORM = whole(
    r"comment|please enter your (?:comment|name|e-?mail).{0,40}|digite (?:seu|o seu) .{1,40}|"
    r"mail \(.{1,40}\)",
    r"your e-?mail address will not be published.{0,60}|required fields are marked.{0,10}|cancel reply|"
    r"you are commenting using your .{1,40}|fill in your details below.{0,60}|connecting to %s|"
    r"notify me (?:of|by|when|via) .{1,100}|save my name, .{1,120}|this site uses akismet.{0,120}|"
    r"learn how your comment data is processed|(?:name|e-?mail|website|comment|url) ?(?:\*|\(.{1,30}\))|"
    r"(?:post|submit|add) (?:a )?(?:comment|reply)|comments? (?:is|are) (?:off|closed)(?: .{1,40})?",
    r"(?:image|math) captcha|enter the characters shown in the image|no html tags allowed|plain text|"
    r"(?:web page addresses|lines and paragraphs) .{0,40}(?:turn into links|break) automatically|"
    r"this question is for testing whether .{1,120}|more information about (?:text formats|"
    r"formatting.{0,20})",
    r"(?:google\+?|twitter|facebook|wordpress(?:\.com)?) (?:photo|picture|logo)|log ?out / ?change|"
    r"(?:you must|please) (?:be )?(?:log(?:ged)? ?in|register(?:ed)?|sign(?:ed)? in) to (?:post|leave|"
    r"comment|reply|join).{0,60}|(?:newest|oldest|best rated|worst rated|sort by.{0,20}|most (?:liked|"
    r"replied))",
    r"bitte melden sie sich an, um zu kommentieren|deine e-mail-adresse wird nicht veröffentlicht.{0,80}|"
    r"votre adresse e-?mail ne sera pas publiée.{0,80}|soyez le premier à .{1,40}|"
    r"(?:il n['’]y a )?(?:actuellement )?aucun commentaire .{1,120}|"
    r"(?:tu|su) dirección de correo electrónico no será publicada.{0,80}|"
    r"il tuo indirizzo email non sarà pubblicato.{0,80}|o seu endereço de e-?mail não será publicado.{0,80}",
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
    r"reageer|svara|svar|odpowiedz|ответить|пожаловаться|رد|أعجبني|返信|いいね|通報|回复|回覆|赞|답글|"
    r"신고|공감)"
    r"(?:\s?[(\[]?\d*[)\]]?)(?:\s*[·|•]\s*\w+(?: ?\(?\d+\)?)?)*",
)
_COMMENTS = (
    r"\b(?:comments|commenting|commenters?|your comment|kommentare?|commentaires?|comentarios|comentários|"
    r"commenti)\b"
)
_DEALT_WITH = (
    r"(?:moderat\w+|guidelines|submit\w*|reject(?:ed|ion)?|approv(?:ed?|al)|remov(?:ed?|al)|delet(?:ed?|"
    r"ion)|abusive|offensive|civil|"
    r"polic(?:y|ies)|rules|registered|respectful|freigeschaltet|moderiert|netiquette|modér\w+|publi[ée]s|"
    r"moderad\w+)"
)
# Who reports on comments names nobody; a rule for them speaks of us and of you.
_OURS = (
    r"\b(?:we|our|us|you|your|please|this (?:site|page|website)|unsere?|wir|sie|nos|notre|vos|nuestr\w+|"
    r"noss\w+)\b"
)
POLICY = re.compile(
    rf"^(?=.*{_OURS}).*{_COMMENTS}.{{0,200}}\b{_DEALT_WITH}\b"
    rf"|^{_COMMENTS} (?:(?:are|is|will be|may be|must|should|that|which|sind|werden|"
    rf"sont) ).{{0,120}}\b{_DEALT_WITH}\b"
    r"|\b(?:site|page|thread|forum) is moderated\b|^no profan\w+ .{0,60}\b(?:published|allowed)\b"
    r"|\bwe welcome .{0,80}comments\b"
    r"|\bmoderates (?:all |any |your |the )*comments\b|^please (?:keep|"
    r"be) .{0,60}\b(?:civil|respectful|on topic)\b.{0,80}",
    re.IGNORECASE,
)
