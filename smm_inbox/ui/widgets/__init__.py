"""Widgets of the inbox screen: each paints one thing and keeps its own cursor."""
