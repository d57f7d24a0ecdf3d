"""Networks: each package turns one network into the port of ``channels.base``."""
