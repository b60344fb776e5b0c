"""Reminders, statements and remittances: the invoices that they list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.visible.reading import read_rows
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat, DocumentKind, Reading


def read(text: str) -> Reading:
    """Read a page of text."""
    return read_rows(a_page(text), text, (), DocumentFormat.PDF)


HEADINGS = {
    "Statement of account": "Invoice no.  Date  Due date  Amount  Outstanding",
    "2. Mahnung": "Rechnung Nr.  Datum  Fällig am  Betrag  Offen",
    "Relance": "N° facture  Date  Échéance  Montant  Reste dû",
    "Recordatorio de pago": "Nº factura  Fecha  Vencimiento  Importe  Pendiente",
    "Sollecito di pagamento": "Numero fattura  Data  Scadenza  Importo  Residuo",
    "Betalingsherinnering": "Factuurnummer  Datum  Vervaldatum  Bedrag  Openstaand",
    "Wezwanie do zapłaty": "Numer faktury  Data  Termin płatności  Kwota  Pozostało",
    "Lembrete de pagamento": "Nº fatura  Data  Vencimento  Valor  Em aberto",
    "Нагадування про оплату": "Рахунок №  Дата  Термін оплати  Сума  Залишок",
}


@pytest.mark.parametrize("title", HEADINGS)
def test_a_reminder_lists_its_invoices_with_what_is_open(title: str) -> None:
    """Number, dates, amount and what is left, in nine languages; nothing of it is a total of its own."""
    reminder = read(f"""
{title}
{HEADINGS[title]}
R-1001  05.03.2026  04.04.2026  1.250,00  1.250,00
R-1007  09.03.2026  08.04.2026  215,00  15,00
Total      1.465,00  1.265,00
""")
    assert [(line.invoice, line.issue_date, line.due_date, line.gross, line.due) for line in reminder.lines] == [
        ("R-1001", date(2026, 3, 5), date(2026, 4, 4), Decimal("1250.00"), Decimal("1250.00")),
        ("R-1007", date(2026, 3, 9), date(2026, 4, 8), Decimal("215.00"), Decimal("15.00")),
    ]
    assert (reminder.gross, reminder.net, reminder.due) == (None, None, Decimal("1265.00"))


def test_a_letter_names_its_invoice_in_words() -> None:
    """The label before a number tells it, the row its date and amount."""
    reminder = read("Zahlungserinnerung\nunsere Rechnung Nr. R-1001 vom 05.03.2026 über 1.250,00 EUR ist noch offen")
    assert [(line.invoice, line.issue_date, line.gross) for line in reminder.lines] == [
        ("R-1001", date(2026, 3, 5), Decimal("1250.00"))
    ]
    assert reminder.number is None


def test_a_remittance_lists_what_was_paid() -> None:
    """Buyers send them; the sum is what they paid."""
    advice = read(
        """
Remittance advice
Invoice  Date  Amount
INV-1  05/03/2026  100.00
INV-2  25/03/2026  50.00
Total    150.00
"""
    )
    assert advice.kind is DocumentKind.REMITTANCE
    assert [(line.invoice, line.gross) for line in advice.lines] == [("INV-1", 100), ("INV-2", 50)]
    assert advice.due == Decimal("150.00")
