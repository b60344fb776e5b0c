"""Units: what people write to the codes of UN/ECE Recommendation 20 and 21, and exact conversions between them.

Only what is the same everywhere converts: masses, lengths, areas, volumes, times up to the hour, and counts. How many
pieces a pack holds, or how many hours a working day has, is agreed between two companies and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_MILLIONTH = Decimal("0.000001")

LONGEST = 60
"""Characters of a unit that is looked up; what is longer is a text."""

_NAMES: Mapping[str, str] = {
    "C62": "h87 ea pce nar niu pc pcs pce piece pieces each unit units nos stk stck st stück stücke stueck einheit "
    "einheiten ud uds und u unidad unidades pieza piezas pza pzas pz pièce pièces pces unité unités pezzo pezzi unità "
    "nr stuk stuks eenheid eenheden szt sztuk sztuka sztuki jedn peça peças pç unidade unidades un шт штук штука "
    "штуки од одиниць одиниця",
    "PR": "npr pair pairs paar paare par pares paire paires paio paia para pary пара пари пар",
    "DZN": "dz dozen dozens dutzend dtz docena docenas douzaine douzaines dozzina dozzine dozijn tuzin tuziny tuzinów "
    "dúzia dúzias дюжина дюжин",
    "CEN": "hundred hundert cent ciento cientos centaine centinaio honderd setka sto cem cento сотня сто",
    "MIL": "t3 thousand tausend mille mil millar millares millier migliaio duizend tysiąc milhar тисяча тисяч",
    "GRO": "gross gros groot gruesa grossa gruba",
    "SET": "kt sets kit kits satz sätze garnitur juego juegos conjunto conjuntos jeu jeux ensemble ensembles serie "
    "zestaw zestawy komplet komplety kpl conjunto jogo jogos комплект комплекти компл набір",
    "MGM": "mg milligram milligrams milligramm miligramo miligramos milligramme milligrammo miligram miligrama мг",
    "GRM": "g gr gram grams gramm gramo gramos gramme grammes grammo grammi gramów grama gramas г гр грам грамів",
    "KGM": "kg kgs kilo kilos kilogram kilograms kilogramm kilogramo kilogramos kilogramme kilogrammes chilo chili "
    "chilogrammo chilogrammi kilogramy kilogramów quilo quilos quilograma quilogramas кг кілограм кілограмів",
    "TNE": "t to tonne tonnes ton tons tonnen tonelada toneladas tn tonnellata tonnellate tona tony т тонна тонни тонн",
    "MMT": "mm millimetre millimetres millimeter millimeters milímetro milímetros millimètre millimètres millimetro "
    "millimetri milimetr milimetrów мм міліметр",
    "CMT": "cm centimetre centimetres centimeter centimeters zentimeter centímetro centímetros centimètre centimètres "
    "centimetro centimetri centymetr centymetrów см сантиметр",
    "DMT": "dm decimetre decimeter dezimeter decímetro décimètre decimetro decymetr дм",
    "MTR": "lm m metre metres meter meters lfm lfdm laufmeter metro metros mètre mètres metri mtr metr metry metrów mb "
    "м метр метри метрів мп погм",
    "KMT": "ktm km kilometre kilometres kilometer kilometers kilómetro kilómetros kilomètre kilomètres chilometro "
    "chilometri kilometr kilometrów quilómetro quilómetros км кілометр кілометрів",
    "MTK": "m2 m² sqm qm quadratmeter mq m^2 metroscuadrados mètrescarrés metriquadri vierkantemeter "
    "metrówkwadratowych metrosquadrados мкв квм м2 м²",
    "CMK": "cm2 cm² см2 см²",
    "MLT": "ml millilitre millilitres milliliter milliliters mililitro mililitros millilitro millilitri mililitr "
    "mililitrów мл мілілітр",
    "CLT": "cl centilitre centiliter zentiliter centilitro centylitr сл",
    "DLT": "dl decilitre deciliter deziliter decilitro decylitr дл",
    "LTR": "l ltr lt litre litres liter liters litro litros litri litr litry litrów л літр літри літрів",
    "HLT": "hl hectolitre hectoliter hektoliter hectolitro hektolitr гл",
    "MTQ": "m3 m³ cbm kubikmeter mc m^3 metroscúbicos mètrescubes metricubi kubiekemeter metrówsześciennych кубм м3 м³",
    "SEC": "s sec second seconds sek sekunde sekunden segundo segundos seconde secondes secondo secondi sekunda сек с",
    "MIN": "min minute minutes minuten minuto minutos minuti minuut minuta minuty minut хв хвилина хвилин",
    "HUR": "h hr hrs hour hours std stunde stunden hora horas heure heures ora ore uur uren godz godzina godziny "
    "godzin год година години годин",
    "DAY": "d day days tag tage tagen día días dia dias jour jours giorno giorni gg dag dagen dzień dni день дні днів",
    "WEE": "week weeks woche wochen semana semanas semaine semaines settimana settimane weken tydzień tygodnie тиждень",
    "MON": "month months monat monate mes meses mois mese mesi maand maanden miesiąc miesiące miesięcy mês місяць "
    "місяці місяців",
    "ANN": "year years jahr jahre año años an ans année années anno anni jaar jaren rok lata lat ano anos рік роки",
    "LS": "lumpsum pauschal pauschale psch forfait forfaitaire forfettario aforfait ryczałt",
    "XBX": "bx box boxes kiste kisten schachtel schachteln caja cajas boîte boîtes scatola scatole doos pudełko "
    "pudełka caixa caixas коробка коробки коробок",
    "XCT": "ct ctn carton cartons karton kartons cartón cartones cartone cartoni kartony kartonów ящик ящики ящиків",
    "XPK": "pk pkg pack packs package packages packet packets packung packungen paket pakete paquete paquetes paquet "
    "paquets pacco pacchi confezione confezioni conf pak pakken verpakking paczka paczki opakowanie opakowania opak op "
    "pacote pacotes embalagem ve упаковка упаковки упаковок уп пачка пачки",
    "XBG": "bg bag bags beutel sack säcke bolsa bolsas saco sacos sac sacs sacco sacchi zak zakken worek worki мішок "
    "мішки мішків пакет пакети",
    "XPX": "pf plt pallet pallets palette paletten pal palé palés palet palets palettes bancale bancali paleta palety "
    "палета палети піддон піддони",
    "XRO": "ro roll rolls rolle rollen rollo rollos rouleau rouleaux rotolo rotoli rol rolka rolki rolek rolo rolos "
    "рулон рулони рулонів",
    "XBO": "bo bottle bottles flasche flaschen botella botellas bouteille bouteilles bottiglia bottiglie fles flessen "
    "butelka butelki butelek garrafa garrafas пляшка пляшки пляшок",
}
"""Everyday names, symbols and other codes by code; en, de, es, fr, it, nl, pl, pt, uk. The first to name one has it."""

_CODES: dict[str, str] = {}
for _code, _names in _NAMES.items():
    for _name in (_code.lower(), *_names.split()):
        _CODES.setdefault(_name, _code)

_SIZES: tuple[Mapping[str, str], ...] = (
    {"C62": "1", "DZN": "12", "CEN": "100", "GRO": "144", "MIL": "1000"},
    {"MGM": "0.001", "GRM": "1", "KGM": "1000", "TNE": "1000000"},
    {"MMT": "1", "CMT": "10", "DMT": "100", "MTR": "1000", "KMT": "1000000"},
    {"CMK": "0.0001", "MTK": "1"},
    {"MLT": "1", "CLT": "10", "DLT": "100", "LTR": "1000", "HLT": "100000", "MTQ": "1000000"},
    {"SEC": "1", "MIN": "60", "HUR": "3600"},
)
"""What each unit of a kind is worth in the smallest of them."""

_WORTH = {code: (kind, Decimal(worth)) for kind, sizes in enumerate(_SIZES) for code, worth in sizes.items()}


_EDGES = re.compile(r"^[\s.]+|[\s.]+$")


@lru_cache(maxsize=4096)
def unit_code(unit: str | None) -> str | None:
    """The UN/ECE Recommendation 20 or 21 code for a unit as people write it; unknown ones as written, lower case."""
    written = _EDGES.sub("", unicodedata.normalize("NFC", (unit or "")[:LONGEST])).lower()
    if not written:
        return None
    return _CODES.get(written) or _CODES.get(written.replace(".", "").replace(" ", ""), written)


def converted(quantity: Decimal, unit: str | None, into: str | None) -> Decimal | None:
    """*quantity* of *unit* counted in *into*, to six decimals; as it is where one is not said, None where nobody knows.

    Dutch writes "dozen" for boxes: then the order's "doos" is another unit, and a person decides.
    """
    sizes = _sizes(unit, into)
    if sizes is None:
        return None
    worth, wanted = sizes
    return quantity if worth == wanted else (quantity * worth / wanted).quantize(_MILLIONTH, ROUND_HALF_UP)


def price_in(price: Decimal, unit: str | None, into: str | None) -> Decimal | None:
    """The price of one *unit* as the price of one *into*, to six decimals; None where nobody knows."""
    sizes = _sizes(unit, into)
    if sizes is None:
        return None
    worth, wanted = sizes
    return price if worth == wanted else (price * wanted / worth).quantize(_MILLIONTH, ROUND_HALF_UP)


def _sizes(unit: str | None, into: str | None) -> tuple[Decimal, Decimal] | None:
    """What both are worth in the smallest unit of their kind."""
    here, there = unit_code(unit), unit_code(into)
    if here == there or here is None or there is None:
        return Decimal(1), Decimal(1)
    kind, worth = _WORTH.get(here, (None, Decimal(1)))
    other, wanted = _WORTH.get(there, (None, Decimal(1)))
    return (worth, wanted) if kind is not None and kind == other else None
