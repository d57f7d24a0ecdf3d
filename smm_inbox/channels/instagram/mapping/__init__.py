"""Payloads of Instagram as messages of the inbox; pure, without network and clock."""
