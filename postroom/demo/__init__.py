"""The demo: the story of one purchase and one request, played over real SMTP and HTTP, told as it happens."""
