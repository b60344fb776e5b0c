"""The words: mails, pages, printed documents, phrases, and their translations."""
