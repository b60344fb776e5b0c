"""Scans and photographs: pages without text, read by tesseract where it is installed."""
