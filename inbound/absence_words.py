"""How machines and absent people say so, in many languages; data for `inbound.kind` and `inbound.absence`."""

AUTOMATIC = (
    *("automatic reply", "automatic response", "automatic answer", "automated reply", "automated response"),
    *("auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "auto answer"),
    *("out of office autoreply", "out of office reply", "automatische antwort", "automatische rückantwort"),
    *("réponse automatique", "respuesta automática", "respuesta automatica", "risposta automatica"),
    *("automatisch antwoord", "automatische beantwoording", "automatyczna odpowiedź", "odpowiedź automatyczna"),
    *("autoodpowiedź", "автоматична відповідь", "автовідповідь", "автоматический ответ", "автоответ"),
    *("resposta automática", "autosvar", "automatiskt svar", "automatisk svar", "automaattinen vastaus"),
    *("automatická odpověď", "automatická odpoveď", "automatikus válasz", "răspuns automat", "αυτόματη απάντηση"),
    *("автоматичен отговор", "otomatik yanıt", "automatski odgovor", "samodejni odgovor", "automatinis atsakymas"),
    *(
        "automātiska atbilde",
        "automātiskā atbilde",
        "automaatvastus",
        "resposta automàtica",
        "balasan otomatis",
        "thư trả lời tự động",
    ),
    *("自动答复", "自动回复", "自動回覆", "自動応答", "自動返信", "자동 회신", "자동 응답", "ตอบกลับอัตโนมัติ"),
    *("תשובה אוטומטית", "מענה אוטומטי", "رد تلقائي", "الرد التلقائي", "پاسخ خودکار"),
)
"""Begins the subject of an answer that a machine gave."""

ABSENT_SUBJECT = (
    *("out of the office", "out of office", "out-of-office", "ooo", "vacation reply", "vacation notice", "on vacation"),
    *("away from my mail", "abwesenheitsnotiz", "abwesenheitsbenachrichtigung", "abwesenheitsassistent"),
    *("abwesenheit", "abwesend", "nicht im büro", "message d'absence", "absence du bureau", "absent du bureau"),
    *("absente du bureau", "notification d'absence", "fuera de la oficina", "aviso de ausencia", "ausencia"),
    *("fuori sede", "fuori ufficio", "assenza dall'ufficio", "assenza", "afwezigheidsbericht", "afwezigheid"),
    *("afwezig", "niet aanwezig", "nieobecność", "poza biurem", "немає в офісі", "не в офісі", "нет на работе"),
    *("fora do escritório", "ausência", "frånvaromeddelande", "frånvaro", "fraværsmelding", "fravær"),
    *("ikke til stede", "poissa toimistosta", "poissaolo", "nepřítomnost", "házon kívül", "不在通知", "休假通知"),
)
"""Begins the subject of a notice of absence; alone it counts only before a colon or at the end."""

ABSENT_TEXT = (
    *("out of the office", "out of office", "on vacation", "on holiday", "annual leave", "on leave", "parental leave"),
    *("maternity leave", "sick leave", "away from my desk", "away from the office", "limited access to e", "i am away"),
    *("nicht im büro", "nicht im haus", "außer haus", "im urlaub", "abwesend", "nicht erreichbar", "in elternzeit"),
    *("en vacances", "en congé", "absent du", "absente du", "absent jusqu", "je suis absent", "hors du bureau"),
    *("de vacaciones", "fuera de la oficina", "estaré ausente", "estoy ausente", "en ferie", "in ferie"),
    *("fuori ufficio", "fuori sede", "sono assente", "sarò assente", "op vakantie", "afwezig", "niet op kantoor"),
    *("niet aanwezig", "na urlopie", "poza biurem", "nieobecn", "у відпустці", "відсутн", "в отпуске", "отсутств"),
    *("de férias", "fora do escritório", "estarei ausente", "på semester", "på ferie", "lomalla", "na dovolené"),
    *("mimo kancelář", "ofis dışında", "în concediu", "na lomi", "házon kívül", "poissa toimistosta"),
    *("szabadságon", "izindeyim", "休假", "休暇", "不在", "휴가", "부재"),
)
"""Stands in the text of a notice of absence."""

ABSENT_BEFORE = (
    *("away", "absence", "absent", "absente", "assente", "ausente", "ausência", "ausência temporária", "vacaciones"),
    *("holiday", "vacation", "annual leave", "on leave", "urlaub", "im urlaub", "congés", "en congé", "vacances"),
    *(
        "ferie",
        "in ferie",
        "vakantie",
        "urlop",
        "na urlopie",
        "відпустка",
        "у відпустці",
        "я у відпустці",
        "відсутність",
    ),
    *("отпуск", "в отпуске", "отсутствие", "férias", "de férias", "frånvarande", "semester", "fraværende", "poissa"),
    *("lomalla", "mimo kancelář", "mimo kanceláře", "dovolená", "szabadság", "ofis dışında", "izinde", "concediu"),
)
"""Begins the subject of an absent person's notice too, but also what persons write: more must speak for it."""

ABSENT_MYSELF = (
    *(
        "i am on",
        "i'm on",
        "i am currently",
        "i'm currently",
        "i am away",
        "i'm away",
        "i am out",
        "i'm out",
        "i will be",
    ),
    *(
        "ich bin",
        "je suis",
        "je serai",
        "estoy",
        "estaré",
        "sono",
        "sarò",
        "ik ben",
        "jestem",
        "będę",
        "przebywam",
        "я у",
    ),
    *("я в", "мене", "мене не", "меня", "я нахожусь", "estou", "estarei", "jag är", "jeg er", "olen", "jsem", "vagyok"),
    *("szabadságon", "izindeyim", "izinliyim", "sunt", "休暇", "不在"),
)
"""Says of the writer themselves that they are away, beside a word of ABSENT_TEXT."""

UNTIL = (
    *("until", "till", "through", "back on", "return on", "returning on", "returning", "back in the office on", "back"),
    *("bis einschließlich", "bis zum", "bis", "ab dem", "wieder am", "zurück am", "jusqu'au", "jusqu’au", "retour le"),
    *("de retour le", "hasta el", "hasta", "regreso el", "vuelvo el", "fino al", "sino al", "rientro il", "tot en met"),
    *("tot", "terug op", "weer op", "do dnia", "do", "wracam", "до", "повернуся", "вернусь", "até", "till och med"),
    *("til og med", "frem til", "saakka", "asti"),
)
"""Stands before the day on which somebody is back, or the last one of the absence."""
