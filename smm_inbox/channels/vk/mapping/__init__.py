"""VK's payloads as the inbox understands them: pure functions, nothing foreign gets past them."""
