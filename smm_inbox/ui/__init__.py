"""The screen: shows what the services say and turns keys into their commands."""
