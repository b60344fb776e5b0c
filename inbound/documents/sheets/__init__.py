"""Sheets: XLSX, ODS, CSV and old XLS, read by their headings or, where they are ours, by the ids of their lines."""
