"""Small e-invoices and orders, written by hand for the tests."""

# ruff: noqa: E501 - XML does not break well
from __future__ import annotations

UBL = 'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" \
xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" \
xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'


def a_ubl_order(number: str = "PO-2026-0042") -> bytes:
    """An order of two lines: 10 brackets at 12.50, 200 screws at 45 per 100."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<Order {UBL.format(root="Order")}>
  <cbc:ID>{number}</cbc:ID>
  <cbc:IssueDate>2026-03-02</cbc:IssueDate>
  <cbc:Note>Please deliver to gate 4.</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:BuyerCustomerParty><cac:Party><cac:PartyName><cbc:Name>Northwind Traders</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>Harbour Road 1</cbc:StreetName><cbc:CityName>Hamburg</cbc:CityName>
    <cbc:PostalZone>20457</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  </cac:Party></cac:BuyerCustomerParty>
  <cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Brackets and Sons</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
  <cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>2026-04-01</cbc:EndDate></cac:RequestedDeliveryPeriod></cac:Delivery>
  <cac:PaymentTerms><cbc:Note>30 days net</cbc:Note></cac:PaymentTerms>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">40.85</cbc:TaxAmount></cac:TaxTotal>
  <cac:AnticipatedMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">215.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">215.00</cbc:TaxExclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">255.85</cbc:PayableAmount>
  </cac:AnticipatedMonetaryTotal>
  <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="H87">10</cbc:Quantity>
    <cbc:LineExtensionAmount currencyID="EUR">125.00</cbc:LineExtensionAmount>
    <cac:Price><cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount></cac:Price>
    <cac:Item><cbc:Name>Steel bracket</cbc:Name>
      <cac:BuyersItemIdentification><cbc:ID>B-100</cbc:ID></cac:BuyersItemIdentification>
      <cac:SellersItemIdentification><cbc:ID>SB-9</cbc:ID></cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
  </cac:LineItem></cac:OrderLine>
  <cac:OrderLine><cac:LineItem><cbc:ID>2</cbc:ID><cbc:Quantity unitCode="H87">200</cbc:Quantity>
    <cbc:LineExtensionAmount currencyID="EUR">90.00</cbc:LineExtensionAmount>
    <cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>2026-04-15</cbc:EndDate></cac:RequestedDeliveryPeriod></cac:Delivery>
    <cac:Price><cbc:PriceAmount currencyID="EUR">45.00</cbc:PriceAmount><cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>
    <cac:Item><cbc:Name>Screw M4</cbc:Name></cac:Item>
  </cac:LineItem></cac:OrderLine>
</Order>""".encode()


def a_ubl_invoice(root: str = "Invoice", *, gross: str = "148.75", second_line_order: str = "PO-2026-0042") -> bytes:
    """An invoice or credit note of one order line with a charge for freight beside it."""
    quantity = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    return f"""<{root} {UBL.format(root=root)}>
  <cbc:ID>INV 7</cbc:ID>
  <cbc:IssueDate>2026-03-05+01:00</cbc:IssueDate>
  <cbc:DueDate>2026-04-04</cbc:DueDate>
  <cbc:{root}TypeCode>{"381" if root == "CreditNote" else "380"}</cbc:{root}TypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-2026-0042</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Brackets and Sons</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>
    <cbc:Amount currencyID="EUR">25.00</cbc:Amount></cac:AllowanceCharge>
  <cac:TaxTotal><cbc:TaxAmount currencyID="PLN">101.00</cbc:TaxAmount></cac:TaxTotal>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">23.75</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">125.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount>
    <cbc:PrepaidAmount currencyID="EUR">48.75</cbc:PrepaidAmount>
    <cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:{root}Line><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="H87">8</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cac:OrderLineReference><cbc:LineID>1</cbc:LineID>
      <cac:OrderReference><cbc:ID>{second_line_order}</cbc:ID></cac:OrderReference></cac:OrderLineReference>
    <cac:Item><cbc:Name>Steel bracket</cbc:Name></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount></cac:Price>
  </cac:{root}Line>
</{root}>""".encode()


def a_cii_invoice() -> bytes:
    """A Cross Industry Invoice of two lines, one a group that repeats the other."""
    ns = "urn:un:unece:uncefact:data:standard"
    return f"""<rsm:CrossIndustryInvoice xmlns:rsm="{ns}:CrossIndustryInvoice:100" xmlns:ram="{ns}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{ns}:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>R-9</ram:ID><ram:TypeCode>386</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260305</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
    <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>
    <ram:SpecifiedTradeProduct><ram:Name>Set</ram:Name></ram:SpecifiedTradeProduct>
    <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>90.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:IncludedSupplyChainTradeLineItem>
    <ram:AssociatedDocumentLineDocument><ram:LineID>2</ram:LineID></ram:AssociatedDocumentLineDocument>
    <ram:SpecifiedTradeProduct><ram:SellerAssignedID>S4</ram:SellerAssignedID><ram:BuyerAssignedID>B4</ram:BuyerAssignedID><ram:Name>Screw M4</ram:Name></ram:SpecifiedTradeProduct>
    <ram:SpecifiedLineTradeAgreement>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID><ram:LineID>2</ram:LineID></ram:BuyerOrderReferencedDocument>
      <ram:NetPriceProductTradePrice><ram:ChargeAmount>45.00</ram:ChargeAmount><ram:BasisQuantity unitCode="H87">100</ram:BasisQuantity></ram:NetPriceProductTradePrice>
    </ram:SpecifiedLineTradeAgreement>
    <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="H87">200</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
    <ram:SpecifiedLineTradeSettlement>
      <ram:ApplicableTradeTax><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>90.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
    </ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
    <ram:SellerTradeParty><ram:Name>Brackets and Sons</ram:Name>
      <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113</ram:ID></ram:SpecifiedTaxRegistration>
      <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
    <ram:BuyerTradeParty><ram:Name>Northwind Traders</ram:Name></ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement>
    <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
    <ram:ApplicableTradeTax><ram:CalculatedAmount>17.10</ram:CalculatedAmount><ram:BasisAmount>90.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260404</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
    <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
      <ram:TaxBasisTotalAmount>90.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">17.10</ram:TaxTotalAmount>
      <ram:GrandTotalAmount>107.10</ram:GrandTotalAmount><ram:DuePayableAmount>107.10</ram:DuePayableAmount>
    </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def an_order_response(code: str = "CA", status: str = "7") -> bytes:
    """An answer to the order above: the first line accepted at a later day, the second with a status."""
    return f"""<OrderResponse {UBL.format(root="OrderResponse")}>
  <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3</cbc:CustomizationID>
  <cbc:ID>OR-3</cbc:ID><cbc:IssueDate>2026-03-03</cbc:IssueDate><cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>
  <cbc:Note>The screws are sold out.</cbc:Note><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-2026-0042</cbc:ID></cac:OrderReference>
  <cac:SellerSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Brackets and Sons</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:SellerSupplierParty>
  <cac:OrderLine><cac:LineItem><cbc:ID>a</cbc:ID><cbc:LineStatusCode>3</cbc:LineStatusCode><cbc:Quantity unitCode="H87">10</cbc:Quantity>
    <cac:Delivery><cac:PromisedDeliveryPeriod><cbc:EndDate>2026-04-08</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>
    <cac:Price><cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Steel bracket</cbc:Name></cac:Item></cac:LineItem>
    <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference></cac:OrderLine>
  <cac:OrderLine><cac:LineItem><cbc:ID>b</cbc:ID><cbc:LineStatusCode>{status}</cbc:LineStatusCode><cbc:Quantity unitCode="H87">200</cbc:Quantity>
    <cac:Item><cbc:Name>Screw M4</cbc:Name></cac:Item></cac:LineItem>
    <cac:OrderLineReference><cbc:LineID>2</cbc:LineID></cac:OrderLineReference></cac:OrderLine>
</OrderResponse>""".encode()


def an_order_x(type_code: str = "220") -> bytes:
    """The first line of the order above as Order-X."""
    ns = "urn:un:unece:uncefact:data"
    return f"""<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="{ns}:SCRDMCCBDACIOMessageStructure:100" xmlns:ram="{ns}:standard:ReusableAggregateBusinessInformationEntity:128" xmlns:udt="{ns}:standard:UnqualifiedDataType:128">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:order-x.eu:1p0:comfort</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>PO-2026-0042</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20260302</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
    <ram:SpecifiedTradeProduct><ram:SellerAssignedID>SB-9</ram:SellerAssignedID><ram:BuyerAssignedID>B-100</ram:BuyerAssignedID><ram:Name>Steel bracket</ram:Name></ram:SpecifiedTradeProduct>
    <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>12.50</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
    <ram:SpecifiedLineTradeDelivery><ram:RequestedQuantity unitCode="H87">10</ram:RequestedQuantity></ram:SpecifiedLineTradeDelivery>
    <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>125.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Brackets and Sons</ram:Name></ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Northwind Traders</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery><ram:RequestedDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTimeString format="102">20260401</udt:DateTimeString></ram:OccurrenceDateTime></ram:RequestedDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>
  <ram:ApplicableHeaderTradeSettlement><ram:OrderCurrencyCode>EUR</ram:OrderCurrencyCode>
    <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>125.00</ram:LineTotalAmount><ram:TaxBasisTotalAmount>125.00</ram:TaxBasisTotalAmount><ram:GrandTotalAmount>125.00</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:SCRDMCCBDACIOMessageStructure>""".encode()


FATTURA_BODY = """<FatturaElettronicaBody>
  <DatiGenerali><DatiGeneraliDocumento><TipoDocumento>{kind}</TipoDocumento><Divisa>EUR</Divisa><Data>2026-03-05</Data><Numero>12/A</Numero>
      {general}<ImportoTotaleDocumento>{gross}</ImportoTotaleDocumento><Causale>Fornitura di marzo</Causale></DatiGeneraliDocumento>
    <DatiOrdineAcquisto><RiferimentoNumeroLinea>1</RiferimentoNumeroLinea><IdDocumento>PO-2026-0042</IdDocumento></DatiOrdineAcquisto></DatiGenerali>
  <DatiBeniServizi>
    <DettaglioLinee><NumeroLinea>1</NumeroLinea><CodiceArticolo><CodiceTipo>ART</CodiceTipo><CodiceValore>SB-9</CodiceValore></CodiceArticolo><Descrizione>Staffa d'acciaio</Descrizione>
      <Quantita>10.00</Quantita><UnitaMisura>PZ</UnitaMisura><PrezzoUnitario>12.50</PrezzoUnitario>
      <ScontoMaggiorazione><Tipo>SC</Tipo><Percentuale>20.00</Percentuale></ScontoMaggiorazione><PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
    <DettaglioLinee><NumeroLinea>2</NumeroLinea><Descrizione>Trasporto</Descrizione><PrezzoUnitario>20.00</PrezzoUnitario><PrezzoTotale>20.00</PrezzoTotale><AliquotaIVA>0.00</AliquotaIVA><Natura>N2.2</Natura></DettaglioLinee>
    <DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto><Imposta>{tax}</Imposta><EsigibilitaIVA>{due_to}</EsigibilitaIVA></DatiRiepilogo>
    <DatiRiepilogo><AliquotaIVA>0.00</AliquotaIVA><Natura>N2.2</Natura><ImponibileImporto>20.00</ImponibileImporto><Imposta>0.00</Imposta></DatiRiepilogo>
  </DatiBeniServizi>
  <DatiPagamento><CondizioniPagamento>TP02</CondizioniPagamento><DettaglioPagamento><ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-04-04</DataScadenzaPagamento>
    <ImportoPagamento>{due}</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento></DatiPagamento>
</FatturaElettronicaBody>"""


def a_fattura_pa(
    kind: str = "TD01",
    gross: str = "142.00",
    due: str = "142.00",
    *,
    general: str = "",
    tax: str = "22.00",
    due_to: str = "I",
    bodies: int = 1,
) -> bytes:
    """A FatturaPA of a discounted line and an exempt one."""
    body = FATTURA_BODY.format(kind=kind, gross=gross, due=due, general=general, tax=tax, due_to=due_to)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
<FatturaElettronicaHeader>
  <CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>00743110157</IdCodice></IdFiscaleIVA><Anagrafica><Denominazione>Staffe e Figli Srl</Denominazione></Anagrafica></DatiAnagrafici>
    <Sede><Indirizzo>Via Roma</Indirizzo><NumeroCivico>3</NumeroCivico><CAP>20121</CAP><Comune>Milano</Comune><Nazione>IT</Nazione></Sede></CedentePrestatore>
  <CessionarioCommittente><DatiAnagrafici><CodiceFiscale>RSSMRA80A01F205X</CodiceFiscale><Anagrafica><Nome>Maria</Nome><Cognome>Rossi</Cognome></Anagrafica></DatiAnagrafici></CessionarioCommittente>
</FatturaElettronicaHeader>{body * bodies}</p:FatturaElettronica>""".encode()


def a_ksef_invoice(
    sort: str = "VAT",
    *,
    lines: str = "",
    gross: str = "123.00",
    net: str = "100.00",
    tax: str = "23.00",
    payment: str = "",
    variant: str = "2025/06/25/13775",
) -> bytes:
    """A structured invoice of KSeF of one line of brackets."""
    line = """<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Kątownik stalowy</P_7><Indeks>SB-9</Indeks><P_8A>szt.</P_8A><P_8B>8</P_8B><P_9A>12.50</P_9A><P_11>100.00</P_11><P_12>23</P_12></FaWiersz>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/{variant}/">
<Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza><WariantFormularza>3</WariantFormularza></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>5260001246</NIP><Nazwa>Kątowniki sp. z o.o.</Nazwa></DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>ul. Prosta 1</AdresL1></Adres></Podmiot1>
<Podmiot2><DaneIdentyfikacyjne><KodUE>DE</KodUE><NrVatUE>136695976</NrVatUE><Nazwa>Northwind Traders</Nazwa></DaneIdentyfikacyjne></Podmiot2>
<Fa><KodWaluty>PLN</KodWaluty><P_1>2026-03-05</P_1><P_2>FV/7/2026</P_2><P_6>2026-03-04</P_6><P_13_1>{net}</P_13_1><P_14_1>{tax}</P_14_1><P_15>{gross}</P_15><RodzajFaktury>{sort}</RodzajFaktury>
{lines or line}
<Platnosc>{payment}<TerminPlatnosci><Termin>2026-04-04</Termin></TerminPlatnosci><RachunekBankowy><NrRB>61109010140000071219812874</NrRB></RachunekBankowy></Platnosc>
<WarunkiTransakcji><Zamowienia><NrZamowienia>PO-2026-0042</NrZamowienia></Zamowienia></WarunkiTransakcji></Fa></Faktura>""".encode()
