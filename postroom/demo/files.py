"""The files that people of the demo send: orders as UBL, invoices and other papers as PDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from postroom.mailbox.mail import File

_ORDER = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
       xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
       xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>%s</cbc:ID>
  <cbc:IssueDate>2026-11-02</cbc:IssueDate>
  <cbc:Note>Please deliver to gate 3 before noon.</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:BuyerCustomerParty><cac:Party><cac:PartyName><cbc:Name>Harbour Bikes</cbc:Name></cac:PartyName></cac:Party>
  </cac:BuyerCustomerParty>
  <cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Anvil Workshop</cbc:Name></cac:PartyName></cac:Party>
  </cac:SellerSupplierParty>
  <cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>2026-12-04</cbc:EndDate></cac:RequestedDeliveryPeriod>
  </cac:Delivery>
  <cac:PaymentTerms><cbc:Note>30 days net</cbc:Note></cac:PaymentTerms>
  <cac:AnticipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">755.00</cbc:LineExtensionAmount>
  </cac:AnticipatedMonetaryTotal>
%s</Order>
"""
_LINE = """  <cac:OrderLine><cac:LineItem><cbc:ID>%(n)s</cbc:ID><cbc:Quantity unitCode="C62">%(quantity)s</cbc:Quantity>
    <cbc:LineExtensionAmount currencyID="EUR">%(net)s</cbc:LineExtensionAmount>
    <cac:Price><cbc:PriceAmount currencyID="EUR">%(price)s</cbc:PriceAmount></cac:Price>
    <cac:Item><cbc:Name>%(text)s</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
  </cac:LineItem></cac:OrderLine>
"""

_PAPER = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title + " " + d.number, date: none)
#set page(margin: 2.2cm)
#set text(size: 10pt)
#grid(columns: (1fr, auto), [*Anvil Workshop* \\ Smithy Lane 4, 1020 Vienna \\ VAT ATU12345675],
  align(right)[Harbour Bikes \\ Quay 1, 4020 Linz])
#v(1.5cm)
#text(size: 18pt)[*#d.title*]
#v(0.3cm)
#grid(columns: (4cm, auto), row-gutter: 0.5em, ..d.head.flatten())
#v(0.6cm)
#table(columns: d.columns.map(c => if c == "Description" { 1fr } else { auto }), stroke: none,
  align: d.columns.map(c => if c in ("Pos", "Description", "Unit") { left } else { right }),
  ..d.columns.map(c => strong(c)),
  table.hline(),
  ..d.rows.flatten())
#line(length: 100%, stroke: 0.4pt)
#align(right, grid(columns: (5cm, 3cm), row-gutter: 0.5em, align: (left, right), ..d.sums.flatten()))
#v(1cm)
#d.foot
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the demo's order or invoice."""

    n: int
    text: str
    quantity: Decimal
    price: Decimal

    @property
    def net(self) -> Decimal:
        """Quantity times price."""
        return (self.quantity * self.price).quantize(Decimal("0.01"))


ORDERED = (
    Item(1, "Steel hub 32 holes", Decimal(40), Decimal("11.50")),
    Item(2, "Brake lever, left", Decimal(20), Decimal("9.75")),
    Item(3, "Powder coating, matt black", Decimal(10), Decimal("10.00")),
)
COUNTERED = (ORDERED[0], Item(2, "Brake lever, left", Decimal(20), Decimal("10.25")), ORDERED[2])
"""What the workshop's system confirms: the lever costs half a euro more than ordered."""
INVOICED = (Item(1, "Steel hub 32 holes", Decimal(40), Decimal("12.00")), *ORDERED[1:])
"""What the workshop bills at first: the hub costs half a euro more than ordered."""


def order_file(number: str = "PO-2041") -> bytes:
    """An order, as the buyer's ERP exports it."""
    lines = (
        _LINE % {"n": i.n, "quantity": i.quantity, "net": i.net, "price": i.price, "text": i.text} for i in ORDERED
    )
    return (_ORDER % (number, "".join(lines))).encode()


def invoice_file(number: str, items: Sequence[Item], order: str = "PO-2041") -> File:
    """The supplier's own invoice, as its accounting program prints it."""
    head = [
        ["Invoice number:", number],
        ["Invoice date:", "12 November 2026"],
        ["Your order:", order],
        ["Payment due:", "12 December 2026"],
    ]
    return _priced("Invoice", number, head, items, "Please pay to IBAN AT61 1904 3002 3457 3201.")


def confirmation_file(number: str, items: Sequence[Item], order: str) -> File:
    """The order confirmation that the supplier's own system prints."""
    head = [
        ["Confirmation number:", number],
        ["Date:", "10 November 2026"],
        ["Your order:", order],
        ["Delivery date:", "4 December 2026"],
    ]
    return _priced("Order confirmation", number, head, items, "Thank you for your order.")


def delivery_note_file(number: str, items: Sequence[Item], order: str) -> File:
    """What lay in the parcel: no prices."""
    head = [
        ["Delivery note number:", number],
        ["Date:", "12 November 2026"],
        ["Your order:", order],
    ]
    rows = [[str(item.n), item.text, str(item.quantity), "pcs"] for item in items]
    return _paper("Delivery note", number, head, ["Pos", "Description", "Quantity", "Unit"], rows)


def _priced(title: str, number: str, head: list[list[str]], items: Sequence[Item], foot: str) -> File:
    net = sum((item.net for item in items), Decimal(0))
    tax = (net / 5).quantize(Decimal("0.01"))
    named = (("Net amount", net), ("VAT 20 %", tax), ("Total amount", net + tax))
    rows = [[str(i.n), i.text, str(i.quantity), "pcs", str(i.price), f"{i.net:,.2f}"] for i in items]
    columns = ["Pos", "Description", "Quantity", "Unit", "Unit price", "Amount"]
    sums = [[name, f"EUR {amount:,.2f}"] for name, amount in named]
    return _paper(title, number, head, columns, rows, sums, foot)


def _paper(
    title: str,
    number: str,
    head: list[list[str]],
    columns: list[str],
    rows: list[list[str]],
    sums: Sequence[Sequence[str]] = (),
    foot: str = "",
) -> File:
    import typst

    data = {
        "title": title,
        "number": number,
        "head": head,
        "columns": columns,
        "rows": rows,
        "sums": sums,
        "foot": foot,
    }
    pdf = typst.compile(_PAPER.encode(), sys_inputs={"data": json.dumps(data)})
    return File(f"{title.lower().replace(' ', '-')}-{number}.pdf", "application/pdf", pdf)
