"""A loopback Telegram: MTProto over TCP, logins, chats, channels, updates, faults on demand."""

from smm_inbox.sandbox.telegram.customers import Customers
from smm_inbox.sandbox.telegram.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.telegram.model import (
    Account,
    CallRecord,
    Channel,
    Delivery,
    Group,
    Media,
    Message,
    User,
)
from smm_inbox.sandbox.telegram.server import TelegramSandbox

__all__ = [
    "Account",
    "CallRecord",
    "Channel",
    "Customers",
    "Delivery",
    "Fault",
    "FaultKind",
    "Faults",
    "Group",
    "Media",
    "Message",
    "TelegramSandbox",
    "User",
]
