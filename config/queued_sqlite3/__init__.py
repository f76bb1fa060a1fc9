"""Django's SQLite backend with a queue for writers; Django looks for it in `base`."""
