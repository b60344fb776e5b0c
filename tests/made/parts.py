"""The parts that layouts are put together from: head data, tables of lines, totals, sentences."""

from __future__ import annotations

from decimal import Decimal

from tests.made.blocks import Align, Block, Rules, Space, Table, Text
from tests.made.paper import PRICED, Line, Paper

WIDE = {"text": 4.0, "pos": 0.7, "unit": 0.9, "quantity": 1.0, "rate": 0.9, "discount": 1.0, "document": 1.6}


def title(paper: Paper, *, numbered: bool = False) -> str:
    """What the document calls itself, with its number where the layout puts it there."""
    name = paper.say("titles", paper.kind)
    if not numbered or paper.number is None:
        return name
    mark = {
        "en": "No.",
        "de": "Nr.",
        "es": "nº",
        "fr": "n°",
        "it": "n.",
        "nl": "nr.",
        "pl": "nr",
        "pt": "n.º",
        "uk": "№",
    }
    return f"{name} {mark[paper.language]} {paper.number}"


def head_pairs(paper: Paper, *, number: bool = True, date: bool = True) -> list[tuple[str, str]]:
    """Number, date and what else stands in a document's head."""
    pairs = []
    if number and paper.number is not None:
        pairs.append((paper.label("number"), paper.number))
    if date:
        pairs.append((paper.label("date"), paper.day(paper.issued)))
    if paper.kind in ("invoice", "prepayment_invoice"):
        pairs.append((paper.say("label", "due"), paper.day(paper.due)))
    if paper.kind in ("invoice", "delivery_note", "order_confirmation") and paper.rng.random() < 0.6:
        pairs.append((paper.say("label", "delivery"), paper.day(paper.delivered)))
    if paper.order:
        pairs.append((paper.say("label", "order"), paper.order))
    if paper.rng.random() < 0.7:
        pairs.append((paper.say("label", "customer"), str(paper.rng.randrange(10000, 99999))))
    return pairs


def seller_lines(paper: Paper) -> tuple[str, ...]:
    """The firm's name and address."""
    return tuple(paper.seller[:3])


def tax_id(paper: Paper) -> str:
    """The firm's tax id with its label, where the id does not bring one."""
    own = paper.seller[3]
    return own if own.split(" ")[0].isalpha() and " " in own else f"{paper.say('label', 'vat_id')}: {own}"


def bank_lines(paper: Paper) -> tuple[str, ...]:
    """Where to pay."""
    account = paper.iban
    if account is None:
        return (f"{paper.say('label', 'bank')}: 0044 8812 7730",)
    grouped = " ".join(account[i : i + 4] for i in range(0, len(account), 4))
    return (f"{paper.say('label', 'bank')}:", f"IBAN {grouped}", "BIC BKFXDEFF")


def footer(paper: Paper) -> tuple[tuple[str, ...], ...]:
    """Company data in three columns, as letterheads have them at the foot."""
    phone = f"{paper.say('label', 'phone')} +49 40 {paper.rng.randrange(100000, 999999)}"
    return (seller_lines(paper), (phone, tax_id(paper), *paper.words["label"]["register"]), bank_lines(paper))


def line_table(
    paper: Paper, columns: tuple[str, ...], rules: Rules = "lines", *, more: bool = False, lines: list[Line] | None = None,
    first: int = 1, currency: bool = False, size: float = 9.0,
) -> Table:  # fmt: skip
    """The lines; with `more` each has its further description, with `currency` amounts carry the currency."""
    shown = paper.lines if lines is None else lines
    if paper.kind == "delivery_note":
        columns = tuple(c for c in columns if c in ("pos", "sku", "text", "quantity", "unit"))
    if "discount" not in columns and any(line.off for line in shown) and "price" in columns:
        columns = (*columns[: columns.index("price") + 1], "discount", *columns[columns.index("price") + 1 :])
    rows = [tuple(_cell(paper, line, n, c, more, currency) for c in columns) for n, line in enumerate(shown, first)]
    widths = [WIDE.get(column, 1.3) for column in columns]
    aligns: tuple[Align, ...] = tuple("left" if c in ("pos", "sku", "text", "unit") else "right" for c in columns)
    heading = tuple(_heading(paper, column) for column in columns)
    return Table(heading, tuple(rows), tuple(w / sum(widths) for w in widths), aligns, rules, size)


def _heading(paper: Paper, column: str) -> str:
    text = paper.say("column", column)
    coded = column in ("net", "gross", "price") and not paper.names_currency and paper.seller[0][0] < "M"
    return f"{text} {paper.place['currency']}" if coded else text


def _cell(paper: Paper, line: Line, number: int, column: str, more: bool, currency: bool) -> str:
    put = paper.money if currency else paper.figure
    rate = Decimal(line.rate.replace(",", "."))
    tax = (line.net * (rate if paper.taxed else 0) / 100).quantize(Decimal("0.01"))
    whole = line.quantity == line.quantity.to_integral_value()
    return {
        "pos": lambda: str(number),
        "sku": lambda: line.sku,
        "text": lambda: f"{line.text}\n{line.more}" if more else line.text,
        "quantity": lambda: paper.figure(line.quantity, 0 if whole else 2),
        "unit": lambda: line.unit,
        "price": lambda: put(line.price),
        "discount": lambda: paper.rate(str(line.off)) if line.off else "",
        "rate": lambda: paper.rate(line.rate) if paper.taxed else paper.rate("0"),
        "tax": lambda: put(paper.signed(tax)),
        "net": lambda: put(paper.signed(line.net)),
        "gross": lambda: put(paper.signed(line.net + tax)),
    }[column]()


def item_table(paper: Paper, rules: Rules = "lines", *, currency: bool = False) -> Table:
    """The invoices that a reminder or a statement lists."""
    put = paper.money if currency else paper.figure
    heading = tuple(paper.say("column", c) for c in ("document", "day", "due", "amount", "open"))
    rows = tuple((i.number, paper.day(i.day), paper.day(i.due), put(i.amount), put(i.amount)) for i in paper.items)
    return Table(heading, rows, (0.24, 0.19, 0.19, 0.19, 0.19), ("left", "left", "left", "right", "right"), rules)


def total_pairs(paper: Paper, *, put: str = "money", net: bool = True) -> list[tuple[str, str]]:
    """The sums in the order in which they are added up; some firms leave the net of goods and freight out."""
    show = getattr(paper, put)
    if paper.items:
        pairs = [(paper.say("total", "fee"), show(paper.fee))] if paper.fee else []
        return [*pairs, (paper.say("total", "open"), show(paper.open))]
    if paper.kind not in PRICED:
        return []
    told: list[tuple[str, Decimal]] = []
    if paper.discount or paper.shipping:
        told.append((paper.say("total", "subtotal"), paper.goods))
    if paper.discount:
        told.append((_rated(paper, "discount", paper.off or "0"), -paper.discount))
    if paper.shipping:
        told.append((paper.say("total", "shipping"), paper.shipping))
    if paper.taxed:
        told += [(_net_word(paper), paper.net)] if net or paper.net == paper.goods else []
        told += [(_rated(paper, "tax", rate), tax) for rate, _, tax in paper.taxes]
    told.append((paper.say("total", "gross"), paper.gross))
    pairs = [(name, show(paper.signed(value))) for name, value in told]
    if paper.prepaid:
        pairs += [
            (paper.say("total", "prepaid"), show(-paper.prepaid)),
            (_other_than_gross(paper, "due"), show(paper.gross - paper.prepaid)),
        ]
    return pairs


def _net_word(paper: Paper) -> str:
    words = [w for w in paper.words["total"]["net"] if w != paper.say("total", "subtotal")]
    return str(paper.chosen.setdefault("total.net", paper.rng.choice(words)))


def _other_than_gross(paper: Paper, name: str) -> str:
    words = [w for w in paper.words["total"][name] if w != paper.say("total", "gross")]
    return str(paper.chosen.setdefault(f"total.{name}", paper.rng.choice(words)))


def _rated(paper: Paper, name: str, rate: str) -> str:
    return paper.say("total", name).replace("{rate}", paper.rate(rate))


def tax_summary(paper: Paper, rules: Rules = "grid") -> list[Block]:
    """Base and tax of each rate in a small table."""
    if not paper.taxed or paper.kind not in PRICED:
        return []
    rows = tuple(
        (paper.rate(r), paper.figure(paper.signed(base)), paper.figure(paper.signed(tax)))
        for r, base, tax in paper.taxes
    )
    heading = (paper.say("column", "rate"), paper.say("total", "tax_base"), paper.say("column", "tax"))
    return [Table(heading, rows, (0.3, 0.35, 0.35), ("right", "right", "right"), rules, 8.5), Space(3)]


def currency_note(paper: Paper) -> list[Block]:
    """Amounts without a currency beside them have it named once."""
    if paper.names_currency or paper.kind == "delivery_note":
        return []
    return [Text((paper.say("total", "currency").replace("{code}", paper.place["currency"]),), size=8.5), Space(1)]


def related(paper: Paper) -> list[Block]:
    """What a credit note refers to."""
    if paper.kind != "credit_note":
        return []
    text = paper.say("label", "related").replace("{number}", f"RE-{paper.rng.randrange(1000, 9999)}")
    return [Text((text.replace("{date}", paper.day(paper.delivered)),)), Space(2)]


def intro(paper: Paper) -> Text:
    """The sentences over the table."""
    return Text(tuple(paper.words["intro"][paper.kind]))


def closing(paper: Paper) -> list[Block]:
    """Terms and greeting."""
    lines: list[str] = []
    if paper.kind in ("invoice", "prepayment_invoice"):
        lines.append(paper.say("terms_of", "payment").replace("{due}", paper.day(paper.due)))
    if not paper.taxed and paper.kind in PRICED:
        lines.append(paper.words["exempt"])
    return [
        Space(4),
        *([Text(tuple(lines)), Space(3)] if lines else []),
        Text((paper.rng.choice(paper.words["closing"]),)),
    ]


def words_currency(paper: Paper) -> str:
    """The sentence that names the currency."""
    return (
        ""
        if paper.kind == "delivery_note"
        else paper.say("total", "currency").replace("{code}", paper.place["currency"])
    )
