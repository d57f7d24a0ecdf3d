"""The local SQLite file: everything the inbox knows, and the only thing the screen reads."""
