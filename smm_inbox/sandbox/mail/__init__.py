"""A loopback mail provider: IMAP and SMTP that deliver to each other, with faults on demand."""

from smm_inbox.sandbox.mail.customers import Customers
from smm_inbox.sandbox.mail.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.mail.model import Delivery, Folder, Stored, User
from smm_inbox.sandbox.mail.profiles import PROFILES, Access, Profile
from smm_inbox.sandbox.mail.server import MailSandbox
from smm_inbox.sandbox.mail.write import letter

__all__ = [
    "PROFILES",
    "Access",
    "Customers",
    "Delivery",
    "Fault",
    "FaultKind",
    "Faults",
    "Folder",
    "MailSandbox",
    "Profile",
    "Stored",
    "User",
    "letter",
]
