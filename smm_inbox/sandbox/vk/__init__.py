"""A loopback VK: methods, long poll, uploads and files, with faults on demand."""

from smm_inbox.sandbox.vk.customers import Customers
from smm_inbox.sandbox.vk.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.vk.model import Call, Comment, Delivery, Message, Post, User
from smm_inbox.sandbox.vk.server import VkSandbox

__all__ = [
    "Call",
    "Comment",
    "Customers",
    "Delivery",
    "Fault",
    "FaultKind",
    "Faults",
    "Message",
    "Post",
    "User",
    "VkSandbox",
]
