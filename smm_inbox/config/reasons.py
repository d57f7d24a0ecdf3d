"""Why the system refused, in words for the operator."""

from __future__ import annotations

import errno

from smm_inbox.locale import tr


def why(error: OSError) -> str:
    """The reason of a failed file operation, in the language of the interface."""
    known = {
        errno.EACCES: tr("no permission"),
        errno.EPERM: tr("no permission"),
        errno.EROFS: tr("the disk is read-only"),
        errno.ENOSPC: tr("the disk is full"),
        errno.EDQUOT: tr("the disk is full"),
        errno.ENOENT: tr("there is no such folder"),
        errno.ENOTDIR: tr("a file is in the way"),
        errno.EEXIST: tr("a file is in the way"),
    }
    return known.get(error.errno or 0) or error.strerror or type(error).__name__
