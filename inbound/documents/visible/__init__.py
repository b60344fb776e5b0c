"""What a page shows: fields, totals and lines read from rows of text, whether a PDF or a scan gave them."""
