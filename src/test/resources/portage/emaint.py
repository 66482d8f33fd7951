"""Does with a sync module what emaint sync -r does: loads it, checks it, and calls it.

Portage is on no system that this runs on; what the module uses of it is here, as in Portage 3.0.

emaint.py MODULES REPOSITORY LOCATION CACHE CONFIGROOT: prints what sync, exists and retrieve_head
give, a line each, as JSON.
"""

import importlib.util
import json
import logging
import os
import shutil
import subprocess
import sys
import types


class SyncBase:
    def __init__(self, bin_command, bin_pkg):
        self.options = self.settings = self.repo = self.spawn_kwargs = None
        self.bin_command = shutil.which(bin_command)
        self.bin_pkg = bin_pkg

    def _kwargs(self, kwargs):
        self.options = kwargs.get("options", {})
        self.settings = self.options.get("settings", None)
        self.repo = self.options.get("repo", None)
        self.spawn_kwargs = self.options.get("spawn_kwargs", None)


class CheckSyncConfig:
    pass


def spawn(command, env=None, fd_pipes=None, **unknown):
    assert not unknown, unknown
    assert fd_pipes == {0: 0, 1: 2, 2: 2}, fd_pipes
    return subprocess.call(command, env=env, stdin=0, stdout=2, stderr=2)


def writemsg_level(message, level=0, noiselevel=0):
    assert (level, noiselevel) == (logging.ERROR, -1)
    sys.stderr.write(message)


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    module.__path__ = []
    sys.modules[name] = module
    return module


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(modules, repository, location, cache, root):
    process = types.SimpleNamespace(spawn=spawn)
    stand_in("portage", process=process, USER_CONFIG_PATH="etc/portage")
    stand_in("portage.sync")
    stand_in("portage.sync.syncbase", SyncBase=SyncBase)
    stand_in("portage.sync.config_checks", CheckSyncConfig=CheckSyncConfig)
    stand_in("portage.util", writemsg_level=writemsg_level)
    stand_in("portage.sync.modules")
    name = "portage.sync.modules.squashdelta"
    found = load(name, os.path.join(modules, "squashdelta", "__init__.py")).module_spec
    kid = found["provides"]["squashdelta-module"]
    assert found["name"] == kid["name"] == "squashdelta"
    assert issubclass(kid["validate_config"], CheckSyncConfig)
    options = {"sync-squashdelta-cache": cache}
    assert set(options) <= set(kid["module_specific_options"])
    source = os.path.join(modules, "squashdelta", kid["sourcefile"] + ".py")
    task = getattr(load(name + "." + kid["sourcefile"], source), kid["class"])()
    assert all(callable(getattr(task, function)) for function in kid["functions"])
    arguments = {
        "options": {
            "settings": {"PORTAGE_CONFIGROOT": root},
            "emerge_config": types.SimpleNamespace(opts={"--quiet": True}),
            "repo": types.SimpleNamespace(
                name=repository, location=location, module_specific_options=options
            ),
            # As for a location that belongs to another user.
            "spawn_kwargs": {
                "uid": 250,
                "gid": 250,
                "groups": [250],
                "umask": 0o022,
                "env": dict(os.environ),
                "fd_pipes": {0: 0, 1: 2, 2: 2},
            },
        }
    }
    for function in ("sync", "exists", "retrieve_head"):
        print(json.dumps(getattr(task, function)(**arguments)))


main(*sys.argv[1:])
