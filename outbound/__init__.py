"""What goes out: notices, composed mails, produced documents, delivery."""
