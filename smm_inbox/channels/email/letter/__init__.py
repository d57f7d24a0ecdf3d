"""Reading letters: any bytes in, a clean letter out; pure, without a network or a clock."""

from .addresses import is_address, is_robot
from .choose import wanted as wanted_parts
from .model import (
    Address,
    Container,
    FormField,
    FormLead,
    Letter,
    PartBody,
    PartInfo,
    Report,
    Robot,
)
from .params import safe_name
from .reading import parse_letter, read_letter
from .structure import read_structure
from .threads import ThreadLookup, bare_subject, normal_subject, thread_of
from .transfer import undo as undo_transfer

__all__ = [
    "Address",
    "Container",
    "FormField",
    "FormLead",
    "Letter",
    "PartBody",
    "PartInfo",
    "Report",
    "Robot",
    "ThreadLookup",
    "bare_subject",
    "is_address",
    "is_robot",
    "normal_subject",
    "parse_letter",
    "read_letter",
    "read_structure",
    "safe_name",
    "thread_of",
    "undo_transfer",
    "wanted_parts",
]
