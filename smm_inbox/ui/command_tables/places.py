"""Where commands work, in the combinations the tables use."""

from __future__ import annotations

from ..commands import Context

GLOBAL = (Context.GLOBAL,)
FEED = (Context.FEED,)
TALK = (Context.CONVERSATION,)
BOTH = (Context.FEED, Context.CONVERSATION)
COMPOSER = (Context.COMPOSER,)
