"""Lets Portage sync repositories of sync-type squashdelta with Strata."""

from portage.sync.config_checks import CheckSyncConfig

DESCRIPTION = __doc__

module_spec = {
    "name": "squashdelta",
    "description": DESCRIPTION,
    "provides": {
        "squashdelta-module": {
            "name": "squashdelta",
            "sourcefile": "squashdelta",
            "class": "SquashDeltaSync",
            "description": DESCRIPTION,
            "functions": ["sync", "exists", "retrieve_head"],
            "func_desc": {
                "sync": "Syncs the repository with 'strata sync', and mounts it if it is not",
                "exists": "Tells whether the repository is mounted",
                "retrieve_head": "Gives the version of the current snapshot",
            },
            "validate_config": CheckSyncConfig,
            "module_specific_options": (
                "openpgp-verify",
                "sync-squashdelta-cache",
                "sync-squashdelta-keep",
                "sync-squashdelta-max-age",
                "sync-squashdelta-max-size",
                "sync-squashdelta-upper",
            ),
        },
    },
}
