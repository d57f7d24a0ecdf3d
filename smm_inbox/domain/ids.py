"""Names of things: distinct types so that one identifier is never taken for another."""

from typing import NewType

AccountId = NewType("AccountId", str)
"""The name of an account in the config file, for example ``cafe-vk``."""

ConversationId = NewType("ConversationId", int)
MessageId = NewType("MessageId", int)
ContactId = NewType("ContactId", int)
OutboxId = NewType("OutboxId", int)
ScriptId = NewType("ScriptId", int)
SearchId = NewType("SearchId", int)
TagId = NewType("TagId", int)
"""Row ids of the local database."""

RemoteId = NewType("RemoteId", str)
"""An identifier given by a network; opaque text outside the channel that made it."""

Cursor = NewType("Cursor", str)
"""How far an account has been read; opaque text outside its channel."""

Token = NewType("Token", str)
"""Idempotency token of one outgoing message: drawn once, stored before the first attempt."""

MANUAL = AccountId("manual")
"""The built-in account that holds what was entered by hand; no network stands behind it."""
