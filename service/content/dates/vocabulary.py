"""The words of dates, in lower case: months, weekdays, zones, and the labels and fillers around them."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# The names of each month, full and short, end with `;`; `~` is a space in a name.
_MONTHS = """
    january जनवरी jan janvier janv enero ene gennaio gen janeiro januar januari januar jän jänner sty
        stycznia stycznia января янв ocak oca يناير كانون~الثاني tammikuu tammikuuta ledna január
        ianuarie ιανουαρίου січня ژانویه;
    february फरवरी फ़रवरी februari feb februari februar febr février févr fevrier febrero febbraio febr
        fevereiro fev lutego lut февраля фев şubat şub فبراير شباط helmikuuta února február februarie
        φεβρουαρίου лютого فوریه;
    march मार्च maret mar märz maerz mrz mars marzo março maart marts marca марта мар mart مارس آذار
        maaliskuuta března március martie μαρτίου березня;
    april अप्रैल apr avril avr abril abr aprile aprilie kwietnia kwi апреля апр nisan nis أبريل ابريل
        نيسان huhtikuuta dubna április απριλίου квітня آوریل;
    may मई mai mayo maggio mag maio mei maj maja мая mayıs مايو أيار ايار toukokuuta května május μαΐου
        травня مه;
    june जून jun juni juin junio giugno giu junho czerwca cze июня июн haziran haz يونيو حزيران
        kesäkuuta června június iunie ιουνίου червня ژوئن;
    july जुलाई jul juli juillet juil julio luglio lug julho lipca lip июля июл temmuz tem يوليو تموز
        heinäkuuta července július iulie ιουλίου липня ژوئیه;
    august अगस्त agustus aug août aout agosto ago augustus augusti sierpnia sie августа авг ağustos ağu
        أغسطس اغسطس آب elokuuta srpna augusztus αυγούστου серпня اوت;
    september सितंबर सितम्बर sep sept septembre septiembre settembre set setembro września wrz сентября
        сен сент eylül eyl سبتمبر أيلول ايلول syyskuuta září szeptember septembrie σεπτεμβρίου вересня
        سپتامبر;
    october अक्टूबर अक्तूबर oct oktober okt octobre octubre ottobre ott outubro out października paź
        октября окт ekim eki أكتوبر اكتوبر تشرين~الأول lokakuuta října október octombrie οκτωβρίου
        жовтня اکتبر;
    november नवंबर नवम्बर nov novembre noviembre novembro listopada lis ноября ноя نوفمبر تشرين~الثاني
        kasım kas marraskuuta listopadu noiembrie νοεμβρίου листопада نوامبر;
    december दिसंबर दिसम्बर dec dez dezember décembre déc decembre diciembre dic dicembre dezembro
        desember grudnia gru декабря дек aralık ara ديسمبر كانون~الأول joulukuuta prosince decembrie
        δεκεμβρίου грудня دسامبر
"""
MONTHS = {
    name.replace("~", " "): number
    for number, row in enumerate(_MONTHS.split(";"), start=1)
    for name in row.split()
}

ENGLISH_MONTHS = tuple(row.split()[0].capitalize() for row in _MONTHS.split(";"))

_WEEKDAYS = """
    monday सोमवार senin mon montag lundi lunes lunedì segunda-feira segunda maandag måndag mandag
        poniedziałek понедельник pazartesi الاثنين الإثنين 月曜日 月曜 maanantai 星期一 周一 週一 월요일;
    tuesday मंगलवार selasa tue tues dienstag mardi martes martedì terça-feira terça dinsdag tisdag
        tirsdag wtorek вторник salı الثلاثاء 火曜日 火曜 tiistai 星期二 周二 週二 화요일;
    wednesday बुधवार rabu wed weds mittwoch mercredi miércoles mercoledì quarta-feira quarta woensdag
        onsdag środa среда çarşamba الأربعاء الاربعاء 水曜日 水曜 keskiviikko 星期三 周三 週三 수요일;
    thursday गुरुवार गुरूवार kamis thu thur thurs donnerstag jeudi jueves giovedì quinta-feira quinta
        donderdag torsdag czwartek четверг perşembe الخميس 木曜日 木曜 torstai 星期四 周四 週四 목요일;
    friday शुक्रवार jumat fri freitag vendredi viernes venerdì sexta-feira sexta vrijdag fredag piątek
        пятница cuma الجمعة 金曜日 金曜 perjantai 星期五 周五 週五 금요일;
    saturday शनिवार sabtu sat samstag sonnabend samedi sábado sabato zaterdag lördag lørdag sobota
        суббота cumartesi السبت 土曜日 土曜 lauantai 星期六 周六 週六 토요일;
    sunday रविवार minggu sun sonntag dimanche domingo domenica zondag söndag søndag niedziela
        воскресенье pazar الأحد الاحد 日曜日 日曜 sunnuntai 星期日 星期天 周日 週日 일요일
"""
WEEKDAYS = {name: number for number, row in enumerate(_WEEKDAYS.split(";")) for name in row.split()}
ENGLISH_WEEKDAYS = tuple(row.split()[0].capitalize() for row in _WEEKDAYS.split(";"))


_HOURS_EAST = {
    "utc gmt z ut wet": 0,
    "bst west cet mez wat": 1,
    "cest mesz eet sast cat": 2,
    "eest msk trt idt": 3,
    "gst": 4,
    "pkt": 5,
    "wib ict": 7,
    "hkt sgt awst wita": 8,
    "jst kst wit": 9,
    "acst": 9.5,
    "aest": 10,
    "acdt": 10.5,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    "edt ast": -4,
    "est cdt": -5,
    "cst mdt": -6,
    "mst pdt": -7,
    "pst akdt": -8,
    "akst": -9,
    "hst": -10,
}
_REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
ZONES: dict[str, tzinfo] = {
    name: timezone(timedelta(hours=hours)) for names, hours in _HOURS_EAST.items() for name in names.split()
} | {name: ZoneInfo(region) for name, region in _REGIONS.items()}
"""Abbreviations of zones. IST is not one: India, Israel and Ireland all use it."""

ZONE_PHRASES = {"eastern": "et", "eastern time": "et", "central time": "ct", "pacific time": "pt"}
"""Phrases that are printed instead of an abbreviation."""

LEAP_SECOND = re.compile(r"(?<=:[0-5]9):60(?![\d:])")
"""The 61st second of a minute (RFC 3339 §5.7), which is read as the one before it."""


def _labels(*of_languages: str) -> re.Pattern[str]:
    """A pattern of labels without regard to case; each string has the alternatives of one language."""
    return re.compile("|".join(of_languages), re.IGNORECASE)


UPDATED = _labels(
    r"(?:last |page |article |story )?(?:updated|modified|revised|edited|update)(?: date)?\b",
    r"aktualisiert|zuletzt geändert|stand\b",
    "mis(?:e)? à jour|modifié",
    "actualizado|actualizada|última actualización|modificado",
    "aggiornato|ultimo aggiornamento",
    "atualizado|atualizada|última atualização",
    "bijgewerkt|laatst",
    "uppdaterad",
    "oppdatert",
    "opdateret",
    "zaktualizowano|aktualizacja",
    "обновлено|изменено",
    r"güncelle\w+",
    "تحديث|آخر تحديث",
    "更新日時|更新日|最終更新日|最終更新|更新",
    "更新时间",
    "수정",
    "अपडेटेड|अपडेट|अद्यतन|अंतिम अपडेट",
    "diperbarui",
)
"""Words before the date of a change."""

PUBLISHED = _labels(
    r"(?:first |originally )?(?:publish(?:ed)? date|posted date|published|posted|issued|created|released|"
    r"publication date|pub date|date published|date posted|date|dated|filed)\b",
    "veröffentlicht|erschienen|erstellt|datum",
    "publié|parution|publication",
    "publicado|publicada|fecha",
    "pubblicato|data",
    "publicado",
    "gepubliceerd|geplaatst",
    "publicerad",
    "publisert",
    "udgivet",
    "opublikowano|data publikacji",
    "опубликовано|дата",
    r"yayınlan\w+|yayın tarihi|oluşturulma",
    "प्रकाशित|पब्लिश्ड|प्रकाशन तिथि",
    "diterbitkan",
    "نشر(?:ت)?(?: في| بتاريخ)?|تاريخ(?: النشر)?",
    "公開日時|公開日|公開|投稿日|掲載日|掲載|配信",
    "发布时间|发布|發布|发表于",
    "入力|입력|등록",
)
"""Words before the date of publication."""

# Words and punctuation that join the parts of a date.
FILLERS = re.compile(
    r"\b(?:at|on|the|of|as|um|am|den|vom|uhr|le|à|a las|a la|las|el|alle|ore|il|del|del?|de|às|em|om|op|uur|"
    r"kl|klo|klokken|den|di|o godz|godz|года|год|г|в|saat|und|and|hrs?|h|local time|ora|new|la|time|"
    r"yılı|tarihi|al|को|बजे|pukul|"
    r"يوم|في|"
    r"الساعة|م|الموافق|時点|配信|発|付)\b\.?|[,،、;:|•·()\[\]（）/–—@-]|\.(?!\d)",
    re.IGNORECASE,
)
