"""A loopback Instagram: the Graph endpoints of a professional account, with faults on demand."""

from smm_inbox.sandbox.instagram.customers import Customers
from smm_inbox.sandbox.instagram.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.instagram.model import Call, Comment, Delivery, Media, Message, Person
from smm_inbox.sandbox.instagram.server import InstagramSandbox

__all__ = [
    "Call",
    "Comment",
    "Customers",
    "Delivery",
    "Fault",
    "FaultKind",
    "Faults",
    "InstagramSandbox",
    "Media",
    "Message",
    "Person",
]
