"""From Telegram's objects to those of the inbox; nothing of Telethon leaves this package."""
