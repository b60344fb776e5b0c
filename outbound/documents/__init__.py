"""Documents that we make: orders, requests for proposal and invoices as PDF, XLSX and UBL."""
