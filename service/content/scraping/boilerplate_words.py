"""The words by which the boilerplate around an article is known, by what it is for. All without regard to case.

Each is matched against a whole line, without the marks around it. They are the words of the trade, in the
languages pages are written in; what only one publisher says stands in `[[scraped]]` of its own site.toml.
"""

import re


def whole(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


SHARE = whole(
    r"(?:like )?loading\.*|contribuer|réutiliser ce contenu|offrir(?: l['’]article)?|"
    r"(?:les )?(?:réactions|commenter)",
    r"(?=.*(?:share|tweet|print|e-?mail|copy link|link copied|pin it|bookmark)\b|(?:\W*(?:facebook|"
    r"twitter|x|linked ?in|whats ?app|reddit|telegram|pinterest|instagram|youtube|messenger|flipboard|"
    r"bluesky|threads|tumblr)\b){2})"
    # Longest first and never tried again: the words of a row may stand glued, in thousands.
    r"(?:pinterest|messenger|instagram|flipboard|link copied|copy link|whats ?app|linked ?in|pin it|mastodon|"
    r"telegram|facebook|bookmark|bluesky|youtube|twitter|threads|tumblr|someone|google\+?|reddit|yummly|"
    r"shares?|tweet|print|e-?mail|count|about|more|save|like|copy|this|pin|rss|via|and|"
    r"\d+(?:[.,]\d+)?k?|on|to|x|[,|/·•&+:-]|\s)++",
    r"(?:share|tweet|post|email|print|send|save|bookmark) (?:this|it|the|on|via|with|to|us|article|"
    r"story)(?: .{0,60})?|like (?:this|us|it)(?: (?:on|post|article|story|page).{0,40})?|"
    r"click to (?:share|email|print).{0,60}|share your thoughts.{0,40}|(?:\d+ )?shares",
    r"(?:follow|like|find|join|connect with) (?:us|me|@\w+)(?: (?:on|at|in|via|for) .{0,80})?|"
    r"show more sharing options|submit to \w+|connect with:?|connect via .{1,40}|"
    r"help keep .{1,40} by sharing .{1,30}|(?:get|copy) (?:short |the )?(?:url|link)|"
    r"(?:follow|"
    r"like|find|join|watch|add) .{2,60} (?:on|at|as) .{0,20}(?:facebook|twitter|x|instagram|youtube|"
    r"linkedin|telegram|whatsapp|bluesky|mastodon|google(?: news)?)\b.{0,60}",
    r"artikel (?:empfehlen|aktionen)|zum artikel|(?:artikel |beitrag |jetzt )?(?:teilen|drucken|merken|"
    r"versenden|twittern)(?: .{0,30})?|"
    r"folgen sie .{2,60}|copier le lien|copiar link|copiar enlace|partager(?: .{0,40})?|imprimer|"
    r"envoyer(?: par e-?mail)?|suivez[- ](?:nous|"
    r".{2,40} sur).{0,60}",
    r"compart(?:ir|e|ilhar|ilhe|elo)(?: .{0,40})?|imprimir|s[íi]gue(?:nos|\s).{0,60}|"
    r"condividi(?: .{0,40})?|stampa|seguici .{0,40}|partilhar(?: .{0,40})?|siga[- ]nos.{0,40}|"
    r"deel(?: dit)?(?: .{0,30})?|dela(?: .{0,30})?|del artikkelen|udostępnij(?: .{0,30})?|"
    r"поделиться(?: .{0,40})?|paylaş|शेयर(?: करें)?|कॉपी लिंक|साझा करें|फॉलो करें",
    r"(?:شارك|مشاركة|تابعوا|شاركها|شارك المقال|طباعة|نسخ الرابط|إرسال|تابعونا|تابعنا)(?: .{0,40})?|"
    r"シェア(?:する)?|"
    r"ツイート(?:する)?|ポスト(?:する)?|印刷(?:する)?|フォロー(?:する)?|保存|分享(?:到.{0,10})?|打印|"
    r"공유(?:하기)?|인쇄",
)
NEWSLETTER = whole(
    r"an? (?:(?:daily|weekly|monthly|free|our) )*newsletter (?:about|on|for|from|with) .{1,120}|"
    r"e-?mail(?: address)? ?(?:\(required\)?|\*)|by (?:submitting|providing|entering|signing up|"
    r"subscribing|registering)\b.{1,200}",
    r"(?:please )?(?:sign[- ]?up|subscribe|register|log ?in|sign in|opt in)\b(?! (?:said|was|"
    r"were)).{0,160}|the [\w ]{1,20} newsletter\b.{0,60}|.{3,40} alerts? will notify you .{1,80}|(?:get|"
    r"receive|want|stay|never miss)\b.{0,140}\b(?:newsletters?|inbox|e-?mail|"
    r"alerts?|up to date|updates|daily briefing)\b.{0,60}|(?:the |our |free |daily |weekly |"
    r"e-?mail )*newsletters?(?: sign-?up)?|enter your e-?mail.{0,80}|your e-?mail(?: address)?",
    r"(?:please )?(?:support|help fund) (?:us|our|independent|quality|this|local|"
    r"free)\b.{0,60}(?:journalism|reporting|work|newsroom|site|website|blog|press|mission|us)\b.{0,80}|"
    r"donate(?: now| here| today| to .{1,60})?|contribute(?: now| here| today)?|make a donation.{0,40}|"
    r"become an? .{0,30}(?:member|subscriber|supporter|patron|friend)\b.{0,80}|download (?:our|"
    r"the) .{0,40}\bapps?\b.{0,60}|(?:get|try) (?:our|the) (?:[\w'’ ]{0,40} )?app\b.{0,60}|join (?:our|"
    r"the|us on) .{0,60}(?:newsletter|channel|mailing list|telegram|whatsapp|group|community).{0,40}|"
    r"thank(?:s| you) for (?:subscribing|reading|signing up).{0,60}|already (?:a |an )?(?:subscriber|"
    r"member|registered).{0,60}",
    r"(?:newsletter|jetzt|hier|kostenlos).{0,40}(?:abonnieren|bestellen|anmelden|sichern|testen).{0,60}|"
    r"abonnieren sie.{0,120}|melden sie sich.{0,80}(?:newsletter|an).{0,40}|unterstützen sie (?:uns|"
    r"unsere).{0,100}|(?:abonnez-vous|inscrivez-vous|je m['’]abonne|s['’]abonner|s['’]inscrire)\b.{0,140}|"
    r"(?:recevez|retrouvez|téléchargez) .{0,80}(?:newsletter|lettre|application|appli).{0,60}|"
    r"soutenez .{0,80}",
    r"(?:suscr[íi]b(?:e|a|ete|ase|irse|ete)|reg[íi]str(?:ate|ese)|apúntate)\b.{0,140}|"
    r"recib[eaí] .{0,100}(?:noticias|newsletter|bolet[íi]n|correo).{0,40}|(?:iscriviti|abbonati|"
    r"registrati)\b.{0,140}|(?:assine|inscreva-se|subscreva|cadastre-se|receba)\b.{0,140}|(?:abonneer|"
    r"meld je aan|schrijf je in)\b.{0,140}|prenumerera\b.{0,100}|(?:zapisz się|zaprenumeruj)\b.{0,100}|"
    r"подпи(?:шитесь|сывайтесь|саться|ска)\b.{0,140}|abone ol.{0,60}",
    r"(?:اشترك|إشترك|سجل|النشرة البريدية|للاشتراك|حمل تطبيق)\b.{0,140}|(?:メルマガ|メールマガジン|"
    r"ニュースレター)(?:の)?(?:登録|購読|配信)?.{0,40}|(?:無料)?会員登録.{0,40}|.{0,20}(?:ご登録|"
    r"購読)(?:は|する).{0,30}|(?:订阅|訂閱|下载|"
    r"下載).{0,30}|구독(?:하기)?.{0,20}",
)
SHOP = whole(
    r"(?:visit |browse |go to )?(?:our |the )?(?:[\w'’&.-]+ ){0,3}(?:(?:web|online|gift|book)?(?:store|"
    r"shop)|merch(?:andise)?|boutique|tienda|negozio|loja|winkel|webwinkel|sklep|магазин|mağaza|متجر|"
    r"ショップ|"
    r"ストア|商店)",
    r"(?:shop|buy|order|get yours)(?: now| here| online| today| all| the .{1,40}| our .{1,40}| it (?:now|"
    r"here|on .{1,20}))|buy (?:on|at|from) .{2,30}|(?:zum|im) (?:online-?)?shop|jetzt (?:kaufen|"
    r"bestellen)|(?:acheter|commander)(?: maintenant| sur .{1,20})?|comprar(?: ahora| agora| en .{1,20})?|"
    r"acquista(?: ora)?|(?:this (?:post|article|page) (?:contains|may contain)|we (?:may )?(?:earn|"
    r"receive)) .{0,30}(?:affiliate|commission).{0,120}|as an \w+ associate.{0,100}",
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s|&copy;|copyrights?(?:\s?[©:|]|\s?\(c\)|\s(?:\d{4}|by\b|(?-i:[A-Z])[^.,;]*\W*$))|"
    r"all rights (?:are )?reserved(?=\W*$|\.\s)|alle rechte vorbehalten|"
    r"tous droits réservés|"
    r"(?:todos los )?derechos (?:de autor|reservados)|tutti i diritti riservati|"
    r"todos os direitos reservados|alle rechten voorbehouden|"
    r"все права защищены|wszelkie prawa zastrzeżone|tüm hakları saklıdır|جميع الحقوق محفوظة|حقوق (?:النشر|"
    r"الطبع)|"
    r"無断(?:転載|複製)|禁(?:無断)?転載|本サイト.{0,30}無断|"
    r"版权所有|版權所有|版权声明|未经.{0,20}(?:授权|许可)|저작권자|무단 ?전재|"
    r"(?:this|the) (?:material|article|content|story|report) may not be (?:published|reproduced|copied)|"
    r"(?:reproduction|republication|redistribution|republishing) .{0,80}(?:prohibited|permission|"
    r"forbidden)).{0,300}"
    r"|.{0,120}(?:©|\(c\)|copyright) ?(?:19|20)\d\d.{0,120}|.{0,160}(?:all rights reserved|"
    r"alle rechte vorbehalten|tous droits réservés|"
    r"derechos reservados|diritti riservati|direitos reservados|無断転載.{0,10}|所有权利保留)\.?"
    r"|.{1,300}\b(?:is|are) (?:a )?(?:registered (?:or unregistered )?)?(?:service ?marks? (?:and|"
    r"or) )?trademarks? of .{1,200}|.{0,200}\brepublishing this content\b.{0,150}"
    r"|op alle verhalen van .{2,40} rust .{0,20}copyright.{0,200}"
    r"|(?:licen[cs]e|republish) this (?:article|content|story)|order reprints.{0,40}",
    re.IGNORECASE,
)
ADVERTISEMENT = whole(
    r"\[\w+(?: \w+=\"[^\"]*\")+ ?/?\]",
    r"(?:advertisements?|advertising|advert|ads?|sponsored|promoted|paid post)(?: by .{1,30})?|(?:story|"
    r"article|content|text|post) continues (?:below|after).{0,30}|continue reading (?:below|"
    r"the main story)|scroll (?:down )?to continue.{0,30}|skip (?:ad|advertisement|past .{1,40})|"
    r"remove ads|report (?:this )?ad",
    r"(?:- ?)?(?:anzeige|werbung)(?: ?-)?|publicité|la suite après (?:la|cette) publicité|publicidade?|"
    r"anuncio|pubblicità|continua (?:a leggere )?(?:dopo la pubblicità|la lettura)|advertentie|annons|"
    r"annonse|annonce|reklama|реклама|reklam|advertisment|ster reclame|विज्ञापन|إعلان|اعلان|広告|"
    r"[ＡA][ＤD]|ＰＲ|PR|スポンサーリンク|广告|廣告|광고",
)
NAVIGATION = whole(
    r"reuse this content|was this (?:\w+ )?helpful\??|thank you for your feedback\.?|report an? (?:error|"
    r"mistake)|"
    r"journalistic standards|diskussion|discussion|×|next story|prev(?:ious)? story|start reading|"
    r"save|(?:very |extra )?(?:normal|large|larger|small|smaller) text(?: size)?|listen live|"
    r"end of article|(?:full )?print(?:able)? (?:version|recipe)(?:\s?\|.{1,160})?|original text|a a a|"
    r"adblock test \(why\?\)|an image, when javascript is unavailable|"
    r"(?:story|news|article|post) (?:code|id|number) ?: ?\d+|"
    r"permalink:? \S+|\d{15,}|"
    r"this entry was posted (?:in|on|by) .{1,200}|bookmark the permalink\W*|"
    r"(?:posted|filed) (?:in|under):? .{1,80}\|.{1,80}|view all posts (?:by|in) .{1,40}|"
    r"media playback is (?:un|not )?supported .{1,40}|"
    r"the \w+ is not responsible for the content of external .{1,30}|"
    r"press(?: the)? \w{1,6} (?:key )?to .{1,40}",
    r"(?:back|return|jump|go) to (?:the )?(?:top|home|main|homepage|article|start).{0,30}|skip to .{0,30}|"
    r"(?:main )?menu|home|homepage|search(?: this site| for:?)?|navigation|toggle .{1,30}|close|open menu|"
    r"log ?in|log ?out|sign in|my account|contact(?: us)?|about(?: us)?|sitemap|site map|help|faqs?|"
    r"careers|advertise(?: with us)?",
    r"(?:privacy|cookie|terms|legal|editorial|accessibility)(?: (?:policy|policies|notice|settings|"
    r"preferences|of (?:use|service|sale)|and conditions|& conditions|"
    r"statement))?(?:\s?[|·•,/&]\s?.{1,120})?|cookies?|manage (?:cookies|consent).{0,30}|"
    r"do not sell .{0,40}|(?:we|this (?:web)?site) uses? cookies.{0,300}|by (?:continuing|using|"
    r"clicking) .{0,200}cookies.{0,100}|(?:accept|reject)(?: all)?(?: cookies)?|got it!?|i agree",
    r"(?:load|show|see|view) (?:more|all|less)(?: .{0,30})?|click here.{0,120}|tap here.{0,120}|"
    r"powered by .{1,60}|(?:next|previous|prev|older|newer)(?: page)?(?:\s?[|/·]\s?(?:next|previous|prev|"
    r"older|newer))?|page \d+ of \d+|\d+ (?:of|/) \d+|listen to (?:this )?(?:article|story).{0,40}|"
    r"listen(?: now)?|play|pause|(?:report|suggest|submit) (?:a |an )?(?:typo|error|correction|"
    r"abuse).{0,60}|(?:did you )?spot(?:ted)? an? (?:error|mistake|typo).{0,120}|send (?:us )?(?:feedback|"
    r"a tip).{0,60}|permalink|reprints?(?: and permissions)?|rights & permissions",
    r"impressum|datenschutz.{0,30}|agb|zur startseite|nach oben|zum seitenanfang|startseite|suche|menü|"
    r"mehr anzeigen|fehler (?:gefunden|melden).{0,40}|mentions légales|politique de confidentialité|"
    r"écouter (?:cet |l['’])article|haut de page|retour .{1,30}|accueil|recherche|aviso legal|"
    r"política de privacidad.{0,20}|inicio|"
    r"buscar|volver (?:arriba|al inicio)|informativa (?:sulla )?privacy|torna su|início|topo|"
    r"política de privacidade|naar boven|zoeken|наверх|главная|поиск|الرئيسية|بحث|القائمة|"
    r"العودة إلى .{1,20}|ホーム|トップ(?:ページ)?(?:へ(?:戻る)?)?|"
    r"ページ(?:の先頭|トップ)へ(?:戻る)?|メニュー|検索|お問い合わせ|プライバシーポリシー|"
    r"利用規約|スクラップ|メモ入力|首页|返回顶部|缩小字体|放大字体|收藏|목록|글꼴|크기|(?:글자|글씨) ?크기|"
    r"होम|मुख्य पृष्ठ|sayfa başı|haberin devamı|zaloguj się|rätta artikel(?:n)?|zur startseite",
)
READING_TIME = whole(
    r"\d+ (?:minut[io]|min\.?) di lettura|(?:\d+ )?min(?:utos?)? de leitura|leitura:? \d+ min.{0,6}|"
    r"last updated? ?:? (?:\d+|an?) .{1,30} ago|(?:last )?updated (?:\d+|an?) (?:minutes?|hours?|days?) ago|"
    r"\d+ ?(?:mn|min|دقائق|мин|分钟)|\d{1,2}:\d{2}(?: ?/ ?\d{1,2}:\d{2}|min)|\d+ minutes? read\W*|"
    r"(?:[\u0900-\u097f]{2,20})?\d+ (?:वर्ष|साल|महीने|दिन|घंटे|मिनट) पहले",
    r"(?:estimated |reading |read )?(?:time|read)?:?\s?~?\d+[- ]?(?:min(?:ute)?s?|mins?\.?)(?:[- ](?:read|"
    r"of reading|reading))?(?: time)?|(?:lesezeit|lesedauer)\s?:?.{0,20}|(?:ca\. )?\d+ (?:min(?:uten|"
    r"\.)?) lesezeit|(?:temps de )?lecture\s?:?\s?\d+.{0,10}|(?:tiempo de lectura|tempo di lettura|"
    r"tempo de leitura|leestijd)\s?:?.{0,20}|\d+ min(?:utos?|uti|uten)? de lectura|"
    r"время (?:на )?чтени[ея].{0,20}|وقت القراءة.{0,20}|この記事は\d+分で読めます|読了時間.{0,15}",
    r"(?:\d+ )*\d[\d,.]*k? (?:views?|shares?|likes?|reads?|reactions?|comments?|replies|aufrufe|vues|visitas|"
    r"просмотров|مشاهدة)|\d+ (?:minutes?|hours?|days?|weeks?|months?) ago|just now|vor \d+ (?:minuten|"
    r"stunden|tagen)|il y a \d+ .{3,10}|hace \d+ .{3,10}",
)
TAGS = re.compile(
    r"(?:tags?|tagged(?: (?:with|as|in))?|topics?|key ?words?|related (?:topics|subjects|tags)|"
    r"filed under|posted in|categor(?:y|ies)|"
    r"labels?|subjects?|in this (?:story|article)|"
    r"schlagw(?:ö|oe)rter|schlagworte?|themen|stichw(?:ö|o)rter|stichworte|kategorien?|mots[- ]clés|"
    r"étiquettes?|thèmes?|catégories?|etiquetas|palabras clave|temas|categor[íi]as?|argomenti|"
    r"parole chiave|categori[ae]|palavras-chave|assuntos|trefwoorden|onderwerpen|taggar|emner|tagi|"
    r"słowa kluczowe|теги|метки|темы|etiketler|"
    r"(?:ال)?وسوم|الكلمات (?:الدلالية|المفتاحية)|كلمات مفتاحية|"
    r"タグ|キーワード|カテゴリー?|标签|標籤|关键词|關鍵字|"
    r"टैग्स?|태그)\s?[:：]\s?(?P<names>.{1,300})",
    re.IGNORECASE,
)
