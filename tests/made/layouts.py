"""Fifteen ways to lay out a document, each as firms do."""

from __future__ import annotations

from collections.abc import Callable

from tests.made import parts
from tests.made.blocks import Block, Columns, NewPage, Sheet, Space, Table, Text, colon_pairs, pair_table, stacked
from tests.made.paper import PRICED, Paper

Layout = Callable[[Paper], Sheet]


def letterhead(paper: Paper) -> Sheet:
    """Name at the top, window address, box of data at the right, company data at the foot."""
    blocks: list[Block] = [
        Text((paper.seller[0],), "right", 16, True), Space(12),
        Columns((
            (0.58, (Text((" · ".join(parts.seller_lines(paper)),), size=6.5), Text(tuple(paper.buyer)))),
            (0.42, (pair_table(parts.head_pairs(paper)),)),
        )),
        Space(10), Text((parts.title(paper),), size=15, bold=True), Space(3), *parts.related(paper),
        parts.intro(paper), Space(3), _table(paper, ("pos", "text", "quantity", "unit", "price", "net")), Space(2),
        *_right(pair_table(parts.total_pairs(paper), bold=(len(parts.total_pairs(paper)) - 1,))),
        *parts.currency_note(paper), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks), parts.footer(paper), page_label=paper.say("label", "page"))


def two_columns(paper: Paper) -> Sheet:
    """Seller and buyer beside each other under headings, the data stacked in a row."""
    blocks: list[Block] = [
        Text((parts.title(paper),), size=20, bold=True), Space(4),
        Columns((
            (0.5, (Text((paper.say("label", "seller"),), bold=True), Text((*parts.seller_lines(paper), parts.tax_id(paper))))),
            (0.5, (Text((paper.say("label", "buyer"),), bold=True), Text(tuple(paper.buyer)))),
        )),
        Space(6), stacked(parts.head_pairs(paper), "lines"), Space(5), *parts.related(paper),
        _table(paper, ("text", "quantity", "price", "rate", "net"), "head"), Space(2),
        *_right(pair_table(parts.total_pairs(paper), "head")), *parts.currency_note(paper),
        Space(5), Text(parts.bank_lines(paper), size=8.5), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def totals_box(paper: Paper) -> Sheet:
    """Everything in boxes; the sums stand under their words in one row."""
    pairs = parts.total_pairs(paper)
    box = stacked(pairs, "grid") if pairs else Space(1)
    blocks: list[Block] = [
        Columns((
            (0.5, (Text((paper.seller[0],), size=14, bold=True), Text((*paper.seller[1:3], parts.tax_id(paper)), size=8.5))),
            (0.5, (Text((parts.title(paper),), "right", 15, True), colon_pairs(parts.head_pairs(paper), "right"))),
        )),
        Space(6), Table((paper.say("label", "buyer"),), (("\n".join(paper.buyer),),), (1.0,), ("left",), "grid"),
        Space(5), *parts.related(paper), _table(paper, ("sku", "text", "quantity", "price", "net"), "grid"), Space(4), box,
        Space(2), *parts.currency_note(paper), *parts.closing(paper), Space(3), Text(parts.bank_lines(paper), size=8.5),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def plain_table(paper: Paper) -> Sheet:
    """No rules at all; the number stands in the title."""
    blocks: list[Block] = [
        Text(parts.seller_lines(paper), "right"), Space(8), Text(tuple(paper.buyer)), Space(8),
        Text((parts.title(paper, numbered=True),), size=13, bold=True), Space(2),
        colon_pairs(parts.head_pairs(paper, number=False)), Space(4), *parts.related(paper), parts.intro(paper), Space(3),
        _table(paper, ("pos", "text", "quantity", "price", "net"), "none"), Space(2),
        *_right(pair_table(parts.total_pairs(paper)), 0.5), *parts.currency_note(paper), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks), parts.footer(paper), serif=True)


def long_lines(paper: Paper) -> Sheet:
    """Descriptions over several rows, amounts with their currency in every cell."""
    table = (
        parts.item_table(paper, currency=True)
        if paper.items
        else parts.line_table(
            paper, ("pos", "sku", "text", "quantity", "unit", "price", "net"), more=True, currency=True, size=8.5
        )
    )
    blocks: list[Block] = [
        Columns(((0.6, (Text((paper.seller[0],), size=13, bold=True), Text(tuple(paper.seller[1:3])))),
                 (0.4, (Text((parts.tax_id(paper), *parts.bank_lines(paper)), "right", 8),)))),
        Space(8), Columns(((0.55, (Text(tuple(paper.buyer)),)), (0.45, (colon_pairs(parts.head_pairs(paper)),)))),
        Space(6), Text((parts.title(paper),), size=14, bold=True), Space(3), *parts.related(paper), parts.intro(paper), Space(2),
        table, Space(2), *_right(pair_table(parts.total_pairs(paper), "lines")), *parts.currency_note(paper),
        *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def tax_per_line(paper: Paper) -> Sheet:
    """Seller, buyer and data in boxes, tax and gross amount on each line, a table of the rates."""
    blocks: list[Block] = [
        Columns((
            (0.5, (Text((parts.title(paper, numbered=True),), size=14, bold=True),)),
            (0.5, (colon_pairs(parts.head_pairs(paper, number=False), "right"),)),
        )),
        Space(4),
        Table((paper.say("label", "seller"), paper.say("label", "buyer")),
              (("\n".join((*parts.seller_lines(paper), parts.tax_id(paper))), "\n".join(paper.buyer)),), (0.5, 0.5),
              ("left", "left"), "grid"),
        Space(4), *parts.related(paper),
        _table(paper, ("pos", "text", "unit", "quantity", "price", "net", "rate", "tax", "gross"), "grid", 8.0), Space(3),
        Columns(((0.5, tuple(parts.tax_summary(paper)) or (Space(1),)), (0.06, (Space(1),)),
                 (0.44, (_totals(paper),)))),
        *parts.currency_note(paper), Text(parts.bank_lines(paper), size=8.5), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def landscape(paper: Paper) -> Sheet:
    """A wide page with many columns."""
    blocks: list[Block] = [
        Columns((
            (0.34, (Text((paper.seller[0],), size=13, bold=True), Text(tuple(paper.seller[1:3])))),
            (0.33, (Text((paper.say("label", "buyer"),), size=8), Text(tuple(paper.buyer)))),
            (0.33, (Text((parts.title(paper),), size=15, bold=True), pair_table(parts.head_pairs(paper)))),
        )),
        Space(5), *parts.related(paper),
        _table(paper, ("pos", "sku", "text", "quantity", "unit", "price", "rate", "net", "gross")), Space(3),
        *_right(_totals(paper), 0.35), *parts.currency_note(paper), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks), parts.footer(paper), landscape=True)


def freelancer(paper: Paper) -> Sheet:
    """A letter with place and date, the number in the subject, a few lines of work."""
    place = paper.say("label", "place").replace("{city}", paper.seller[2].rsplit(" ", 1)[-1])
    blocks: list[Block] = [
        Text((" · ".join(parts.seller_lines(paper)),), "center", 8.5), Space(12), Text(tuple(paper.buyer)), Space(8),
        Text((place.replace("{date}", paper.day(paper.issued)),), "right"), Space(8),
        Text((parts.title(paper, numbered=True),), size=11, bold=True), Space(2),
        *([colon_pairs([(paper.say("label", "order"), paper.order)])] if paper.order else []), Space(3),
        *parts.related(paper), parts.intro(paper), Space(3), _table(paper, ("text", "net"), "none"), Space(1),
        *_right(pair_table(parts.total_pairs(paper))), *parts.currency_note(paper), *parts.closing(paper),
        Text((paper.seller[0],)), Space(6), Text((parts.tax_id(paper), *parts.bank_lines(paper)), size=8.5),
    ]  # fmt: skip
    return Sheet(tuple(blocks), serif=True)


def carried_forward(paper: Paper) -> Sheet:
    """Two pages with a subtotal that is carried over."""
    columns = ("pos", "sku", "text", "quantity", "unit", "price", "net")
    half = (len(paper.lines) + 1) // 2
    if paper.kind not in PRICED or half == len(paper.lines):
        return letterhead(paper)
    carried = (paper.say("total", "carried"), paper.figure(paper.signed(sum(line.net for line in paper.lines[:half]))))
    blocks: list[Block] = [
        Text((paper.seller[0],), size=15, bold=True), Text(tuple(paper.seller[1:3]), size=8.5), Space(8),
        Columns(((0.55, (Text(tuple(paper.buyer)),)), (0.45, (pair_table(parts.head_pairs(paper), "lines"),)))),
        Space(8), Text((parts.title(paper, numbered=True),), size=13, bold=True), Space(3), *parts.related(paper),
        parts.line_table(paper, columns, lines=paper.lines[:half], more=True), Space(3), *_right(pair_table([carried])),
        NewPage(), Text((parts.title(paper, numbered=True),), size=9, bold=True), Space(2), *_right(pair_table([carried])), Space(2),
        parts.line_table(paper, columns, lines=paper.lines[half:], first=half + 1, more=True), Space(3),
        *_right(_totals(paper)), *parts.currency_note(paper), *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks), parts.footer(paper), page_label=paper.say("label", "page"))


def modern(paper: Paper) -> Sheet:
    """As web shops print them: a large title, small grey labels, the amount due repeated in a sentence."""
    pairs = parts.total_pairs(paper)
    line = Text((f"{pairs[-1][0]}: {pairs[-1][1]}",), size=13, bold=True) if pairs else Space(1)
    blocks: list[Block] = [
        Columns(((0.6, (Text((parts.title(paper),), size=22, bold=True),)), (0.4, (Text((paper.seller[0],), "right", 12, True),)))),
        Space(5), Table((), tuple(parts.head_pairs(paper)), (0.25, 0.75), ("left", "left"), "none"), Space(5),
        Columns(((0.5, (Text((*parts.seller_lines(paper), parts.tax_id(paper))),)),
                 (0.5, (Text((paper.say("label", "buyer"),), bold=True), Text(tuple(paper.buyer)))))),
        Space(6), line, Space(4), *parts.related(paper), _table(paper, ("text", "quantity", "price", "net"), "head", currency=True),
        Space(2), *_right(pair_table(pairs, "lines")), *parts.currency_note(paper), Space(8),
        Text(parts.bank_lines(paper), size=8),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def form(paper: Paper) -> Sheet:
    """A form of boxes with small words over what is filled in."""
    blocks: list[Block] = [
        Columns((
            (0.55, (Text((paper.seller[0],), size=12, bold=True), Text((*paper.seller[1:3], parts.tax_id(paper)), size=8))),
            (0.45, (Table((parts.title(paper),), ((paper.say("label", "page").replace("{n}", "1").replace("{m}", "1"),),),
                          (1.0,), ("center",), "grid", 11),)),
        )),
        Space(3), Table((), tuple(parts.head_pairs(paper)), (0.5, 0.5), ("left", "left"), "grid"),
        Space(3), Columns(((0.48, (Table((paper.say("label", "buyer"),), (("\n".join(paper.buyer),),), (1.0,), ("left",), "grid", 8.5),)),
                           (0.04, (Space(1),)),
                           (0.48, (Table((paper.say("label", "ship"),), (("\n".join(paper.buyer[2:]),),), (1.0,), ("left",), "grid", 8.5),)))),
        Space(4), *parts.related(paper), _table(paper, ("sku", "text", "unit", "quantity", "price", "rate", "net"), "grid", 8.0),
        Space(3), *_right(pair_table(parts.total_pairs(paper, put="figure"), "grid", 8.5), 0.5), *parts.tax_summary(paper),
        Text((parts.words_currency(paper),), size=8.5), *parts.closing(paper), Text(parts.bank_lines(paper), size=8),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def sums_in_the_table(paper: Paper) -> Sheet:
    """The sums are the last rows of the table of lines."""
    table = _table(paper, ("pos", "text", "quantity", "price", "net"), "lines")
    width = len(table.widths)
    pairs = parts.total_pairs(paper, put="money" if paper.names_currency else "figure")
    rows = tuple(("", name, *[""] * (width - 3), value) for name, value in pairs)
    table = Table(
        table.heading,
        (*table.rows, *rows),
        table.widths,
        table.aligns,
        table.rules,
        table.size,
        (len(table.rows) + len(rows) - 1,),
    )
    blocks: list[Block] = [
        Text((paper.seller[0],), "center", 14, True), Text((f"{paper.seller[1]}, {paper.seller[2]}",), "center", 8.5),
        Space(8), Columns(((0.5, (Text((paper.say("label", "buyer"),), size=8), Text(tuple(paper.buyer)))),
                           (0.5, (Text((parts.title(paper),), size=14, bold=True), colon_pairs(parts.head_pairs(paper)))))),
        Space(6), *parts.related(paper), parts.intro(paper), Space(3), table, Space(3), *parts.currency_note(paper),
        *parts.closing(paper),
    ]  # fmt: skip
    return Sheet(tuple(blocks), parts.footer(paper))


def receipt(paper: Paper) -> Sheet:
    """As payment services make them: a list of data right over the seller, the country before the label of its tax id."""
    country, pairs = paper.place["country"], parts.total_pairs(paper)
    asked = Text((f"{pairs[-1][1]} · {paper.day(paper.due)}",), size=14, bold=True) if pairs else Space(1)
    blocks: list[Block] = [
        Text((parts.title(paper),), size=16, bold=True), Space(2),
        Table((), tuple(parts.head_pairs(paper)), (0.2, 0.8), ("left", "left"), "none"), Space(2),
        Columns((
            (0.5, (Text((paper.seller[0],), bold=True), Text((*paper.seller[1:3], f"{country} {parts.tax_id(paper)}")))),
            (0.5, (Text((paper.say("label", "buyer"),), bold=True), Text(tuple(paper.buyer)))),
        )),
        Space(5), asked, Space(3), *parts.related(paper), _table(paper, ("text", "quantity", "price", "net"), "head"), Space(2),
        *_right(pair_table(pairs, "lines")), *parts.currency_note(paper), Text(parts.bank_lines(paper), size=8),
    ]  # fmt: skip
    return Sheet(tuple(blocks), page_label=paper.say("label", "page"))


def boxes(paper: Paper) -> Sheet:
    """Boxes with their label over the value, one of them for a delivery note that there is none of."""
    pairs = [
        *parts.head_pairs(paper),
        *([(paper.say("titles", "delivery_note"), "")] if paper.kind == "invoice" else []),
    ]
    rows = tuple(
        tuple(f"{name}\n{value}" for name, value in pairs[n : n + 2]) + ("",) * (n + 1 == len(pairs))
        for n in range(0, len(pairs), 2)
    )
    blocks: list[Block] = [
        Text((parts.title(paper),), "center", 10, True), Space(2),
        Columns((
            (0.5, (Table((), (("\n".join((*parts.seller_lines(paper), parts.tax_id(paper))),),
                              ("\n".join((paper.say("label", "buyer"), *paper.buyer)),)), (1.0,), ("left",), "grid"),)),
            (0.5, (Table((), rows, (0.5, 0.5), ("left", "left"), "grid"),)),
        )),
        *parts.related(paper), _table(paper, ("pos", "text", "quantity", "unit", "price", "net"), "grid"),
        *_right(pair_table(parts.total_pairs(paper), "grid")), *parts.currency_note(paper), *parts.closing(paper),
        Text(parts.bank_lines(paper), size=8),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


def freight_apart(paper: Paper) -> Sheet:
    """Goods, freight and discount are taxed together, and no row says what they make."""
    pairs = parts.total_pairs(paper, net=False)
    blocks: list[Block] = [
        Columns(((0.5, (Space(1),)), (0.5, (Text((paper.seller[0],), size=12, bold=True), Text((*paper.seller[1:3], parts.tax_id(paper))))))),
        Space(4), Text((parts.title(paper),), size=15, bold=True), Space(2),
        Columns(((0.55, (Text((paper.say("label", "buyer"), *paper.buyer)),)), (0.45, (pair_table(parts.head_pairs(paper)),)))),
        Space(5), *parts.related(paper), _table(paper, ("sku", "text", "quantity", "price", "net")), Space(2),
        *_right(pair_table(pairs)), *parts.currency_note(paper), *parts.closing(paper), Text(parts.bank_lines(paper), size=8),
    ]  # fmt: skip
    return Sheet(tuple(blocks))


LAYOUTS: tuple[Layout, ...] = (
    letterhead, two_columns, totals_box, plain_table, long_lines, tax_per_line, landscape, freelancer, carried_forward,
    modern, form, sums_in_the_table, receipt, boxes, freight_apart,
)  # fmt: skip


def _table(
    paper: Paper, columns: tuple[str, ...], rules: parts.Rules = "lines", size: float = 9.0, *, currency: bool = False
) -> Table:
    return (
        parts.item_table(paper, rules, currency=currency)
        if paper.items
        else parts.line_table(paper, columns, rules, size=size, currency=currency)
    )


def _totals(paper: Paper) -> Block:
    pairs = parts.total_pairs(paper)
    return pair_table(pairs, bold=(len(pairs) - 1,)) if pairs else Space(1)


def _right(block: Block, width: float = 0.42) -> list[Block]:
    """At the right of the page."""
    if isinstance(block, Table) and not block.rows:
        return []
    return [Columns(((1 - width, (Space(1),)), (width, (block,)))), Space(2)]
