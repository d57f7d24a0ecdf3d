"""Loopback networks that the demo and the tests talk to over real sockets."""
