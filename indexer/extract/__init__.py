"""Read a raw page and give its Document: title, date, source, author and body."""
