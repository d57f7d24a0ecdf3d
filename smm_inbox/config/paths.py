"""Where the config file and the data of the operator live on this machine."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from smm_inbox.domain.errors import InboxError
from smm_inbox.locale import tr

from .reasons import why

_APP = "smm-inbox"
LOG_NAME = "smm-inbox.log"


def default_config() -> Path:
    """The config file when ``--config`` is not given."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


def default_data_dir() -> Path:
    """The data folder when neither ``--data-dir`` nor the config file names one."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def default_downloads_dir() -> Path:
    """Where files of customers are saved when the config file names no folder."""
    return platformdirs.user_downloads_path()


def make_private(folder: Path) -> Path:
    """Create ``folder`` (0700) with its parents unless it is there; return it.

    A folder that exists keeps its mode: it may be shared on purpose, and the files inside are
    private by themselves.

    Raises:
        InboxError: the folder cannot be created.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise InboxError(
            tr(
                "The data folder {folder} cannot be created ({reason}); "
                "choose another one with --data-dir or data_dir in the config file."
            ).format(folder=folder, reason=why(error))
        ) from None
    return folder
