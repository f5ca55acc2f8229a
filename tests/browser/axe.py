"""axe-core, brought into a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

__all__ = ["Axe"]

AXE = Path(__file__).resolve().parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Axe:
    """Looks at the playground of a page, screen after screen, and adds to what was found."""

    def __init__(self, page: Page, found: list[str] | None = None) -> None:
        page.evaluate(AXE.read_text())
        self.page = page
        self.found: list[str] = [] if found is None else found

    def look(self, screen: str) -> None:
        """Note what axe finds in this screen."""
        violations: list[dict[str, Any]] = self.page.locator(".pgw").first.evaluate(
            """
            async (root, rules) => {
                const { violations, passes } = await axe.run(root, {
                    runOnly: { type: "tag", values: rules }, resultTypes: ["violations"],
                });
                if (!passes.some(({ id }) => id === "color-contrast")) throw new Error("not seen");
                return violations;
            }
            """,
            RULES,
        )
        self.found += [
            f"{screen}: {violation['id']}: {node['html'][:160]} {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]
