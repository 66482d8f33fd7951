"""Portage's side of sync-type squashdelta: it runs strata."""

import logging
import os

import portage
from portage.sync.syncbase import SyncBase
from portage.util import writemsg_level

DEFAULT_CACHE = "/var/cache/portage/squashfs"

# Exit code of strata for a mount that is in use: all is here, and the next sync switches it.
BUSY = 8


class SquashDeltaSync(SyncBase):
    """Syncs a repository with strata, which verifies it, and mounts it on its location.

    Portage may want a sync to run as the user whom the location belongs to; strata has to mount,
    and verifies what it fetched before it uses it, so it runs as who runs Portage.
    """

    short_desc = "Sync repositories that are signed SquashFS snapshots"

    @staticmethod
    def name():
        return "SquashDeltaSync"

    def __init__(self):
        SyncBase.__init__(self, "strata", "strata")

    def exists(self, **kwargs):
        if kwargs:
            self._kwargs(kwargs)
        return self.repo is not None and os.path.ismount(self.repo.location)

    def sync(self, **kwargs):
        """Gives strata's exit code, and whether there is another snapshot than before."""
        if kwargs:
            self._kwargs(kwargs)
        if self.bin_command is None:
            writemsg_level(
                "!!! strata is not in PATH; install it with its scripts/setup --install\n",
                level=logging.ERROR,
                noiselevel=-1,
            )
            return (1, False)
        before = self._current()
        code = self._strata("sync", *self._manners())
        if code in (os.EX_OK, BUSY) and not self.exists():
            code = self._strata("mount")
        return (code, self._current() != before)

    def retrieve_head(self, **kwargs):
        if kwargs:
            self._kwargs(kwargs)
        current = self._current()
        if current is None:
            return (1, False)
        prefix, suffix = self.repo.name + "-", ".sqfs"
        if current.startswith(prefix) and current.endswith(suffix):
            current = current[len(prefix) : -len(suffix)]
        return (os.EX_OK, current)

    def _current(self):
        """The name of the image that is current, or None."""
        options = self.repo.module_specific_options or {}
        cache = options.get("sync-squashdelta-cache", DEFAULT_CACHE)
        try:
            return os.path.basename(
                os.readlink(os.path.join(cache, self.repo.name + "-current.sqfs"))
            )
        except OSError:
            return None

    def _manners(self):
        config = self.options.get("emerge_config")
        return ["--quiet"] if config is not None and "--quiet" in config.opts else []

    def _strata(self, verb, *words):
        command = [self.bin_command, verb, *words, *self._config(), "--", self.repo.name]
        kept = {k: v for k, v in (self.spawn_kwargs or {}).items() if k in ("fd_pipes", "env")}
        return portage.process.spawn(command, **kept)

    def _config(self):
        """Strata reads Portage's own repos.conf, where nobody has made another for it."""
        root = self.settings["PORTAGE_CONFIGROOT"] if self.settings else os.sep
        if os.path.realpath(root) == os.sep:
            return []
        return ["--config", os.path.join(root, portage.USER_CONFIG_PATH, "repos.conf")]
