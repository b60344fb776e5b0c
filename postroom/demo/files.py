"""The files that people of the demo send: an order as UBL, invoices as PDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from postroom.mailbox.mail import File

_ORDER = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
       xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
       xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>PO-2041</cbc:ID>
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

_INVOICE = """
#let d = json(bytes(sys.inputs.data))
#set document(title: "Invoice " + d.number, date: none)
#set page(margin: 2.2cm)
#set text(size: 10pt)
#grid(columns: (1fr, auto), [*Anvil Workshop* \\ Smithy Lane 4, 1020 Vienna \\ VAT ATU12345675],
  align(right)[Harbour Bikes \\ Quay 1, 4020 Linz])
#v(1.5cm)
#text(size: 18pt)[*Invoice*]
#v(0.3cm)
#grid(columns: (4cm, auto), row-gutter: 0.5em,
  [Invoice number:], d.number, [Invoice date:], d.date, [Your order:], d.order, [Payment due:], d.due)
#v(0.6cm)
#table(columns: (auto, 1fr, auto, auto, auto, auto), stroke: none, align: (left, left, right, left, right, right),
  [*Pos*], [*Description*], [*Quantity*], [*Unit*], [*Unit price*], [*Amount*],
  table.hline(),
  ..d.lines.map(l => (l.n, l.text, l.quantity, "pcs", l.price, l.net)).flatten())
#line(length: 100%, stroke: 0.4pt)
#align(right, grid(columns: (5cm, 3cm), row-gutter: 0.5em, align: (left, right),
  [Net amount], [EUR #d.net], [VAT 20 %], [EUR #d.tax], [*Total amount*], [*EUR #d.gross*]))
#v(1cm)
Please pay to IBAN AT61 1904 3002 3457 3201.
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
INVOICED = (Item(1, "Steel hub 32 holes", Decimal(40), Decimal("12.00")), *ORDERED[1:])
"""What the workshop bills at first: the hub costs half a euro more than ordered."""


def order_file() -> bytes:
    """The order, as the buyer's ERP exports it."""
    lines = (
        _LINE % {"n": i.n, "quantity": i.quantity, "net": i.net, "price": i.price, "text": i.text} for i in ORDERED
    )
    return (_ORDER % "".join(lines)).encode()


def invoice_file(number: str, items: Sequence[Item]) -> File:
    """The supplier's own invoice, as its accounting program prints it."""
    import typst

    net = sum((item.net for item in items), Decimal(0))
    tax = (net / 5).quantize(Decimal("0.01"))
    lines = [{"net": f"{item.net:,.2f}", **{k: str(v) for k, v in asdict(item).items()}} for item in items]
    data = {
        "number": number,
        "date": "12 November 2026",
        "due": "12 December 2026",
        "order": "PO-2041",
        "lines": lines,
        "net": f"{net:,.2f}",
        "tax": f"{tax:,.2f}",
        "gross": f"{net + tax:,.2f}",
    }
    pdf = typst.compile(_INVOICE.encode(), sys_inputs={"data": json.dumps(data)})
    return File(f"invoice-{number}.pdf", "application/pdf", pdf)
