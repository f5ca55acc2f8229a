"""The style sheet of the saved transcript, scoped to it; colours are those of `tokens.css`."""

from __future__ import annotations

import re

__all__ = ["PAGE", "SAVED"]

# `&` stands for the root three times: JupyterLab styles the elements of its outputs by two
# classes and the elements' names, and is loaded later.
_RULES = """
& { --d-bg: #fff; --d-fg: #0c0d0f; --d-line: #e0e1e4; --d-accent: #1668c7;
  --d-error: #c62828; --d-warn: #b25e02;
  --bg: var(--vscode-editor-background, var(--colab-primary-surface-color,
    var(--jp-layout-color0, var(--d-bg))));
  --fg: var(--vscode-editor-foreground, var(--colab-primary-text-color,
    var(--jp-ui-font-color0, var(--d-fg))));
  --h-line: var(--vscode-panel-border, var(--colab-border-color,
    var(--jp-border-color2, var(--d-line))));
  --accent: var(--vscode-textLink-foreground, var(--jp-brand-color1, var(--d-accent)));
  --error: var(--vscode-errorForeground, var(--jp-error-color1, var(--d-error)));
  --warn: var(--vscode-editorWarning-foreground, var(--jp-warn-color1, var(--d-warn)));
  --surface: color-mix(in srgb, var(--fg) 3.2%, var(--bg));
  --surface-2: color-mix(in srgb, var(--fg) 6.5%, var(--bg));
  --line: color-mix(in srgb, var(--h-line) 82%, var(--bg));
  --line-soft: color-mix(in srgb, var(--h-line) 52%, var(--bg));
  --text: color-mix(in srgb, var(--fg) 88%, var(--bg));
  --text-2: color-mix(in srgb, var(--fg) 66%, var(--bg));
  --text-3: color-mix(in srgb, var(--fg) 62%, var(--bg));
  --link: color-mix(in srgb, var(--accent) 82%, var(--fg));
  --sans: var(--vscode-font-family, var(--jp-content-font-family, var(--marimo-text-font,
    -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif)));
  --mono: var(--vscode-editor-font-family, var(--jp-code-font-family,
    var(--marimo-monospace-font, ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace)));
  container: pgw-saved / inline-size; color: var(--text); text-align: left;
  font: 400 var(--jp-content-font-size1, 14px)/1.6 var(--sans); overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  & { --d-bg: #101113; --d-fg: #fff; --d-line: #34363b; --d-accent: #4c9df3;
    --d-error: #f2615b; --d-warn: #f0a13a; } }
& *, & *::before, & *::after { box-sizing: border-box; }
& :where(h1, h2, h3, h4, h5, h6, p, ul, ol, pre, blockquote, figure, table, hr) {
  margin: 0; padding: 0; border: 0; background: none; color: inherit; font: inherit; }
& .pgw-box { background: var(--bg); border: 1px solid var(--line); border-radius: 10px;
  overflow: hidden; }
& .pgw-bar-top { display: flex; align-items: center; gap: 4px 10px; flex-wrap: wrap;
  margin: 0; padding: 9px 16px; border-bottom: 1px solid var(--line);
  background: var(--surface); color: var(--text-2); font-size: 13px; line-height: 20px; }
& .pgw-bar-top b { color: var(--text); font-weight: 600; }
& .pgw-bar-top .pgw-say { flex: 1 1 260px; min-width: 0; }
& .pgw-bar-top .pgw-sum { font-size: 12px; font-variant-numeric: tabular-nums; }
& .pgw-rows { padding: 8px 0 12px; }
& svg { flex: none; fill: none; stroke: currentColor; vertical-align: -2px; }
& .pgw-i { width: 16px; height: 16px; stroke-width: 1.35; stroke-linecap: round;
  stroke-linejoin: round; }
& .pgw-msg { display: grid; grid-template-columns: 118px minmax(0, 1fr); margin: 0;
  padding: 6px 20px 6px 0; }
& .pgw-role { display: flex; align-items: center; gap: 8px; height: 24px; margin: 6px 0 0;
  padding-left: 18px; font: 400 12px/24px var(--mono); color: var(--text-2); }
& .pgw-role b { font-weight: 400; }
& .pgw-mark { width: 9px; height: 9px; stroke-width: 1.5; color: var(--text-3); }
& .pgw-user .pgw-mark { fill: currentColor; color: var(--text-2); }
& .pgw-assistant .pgw-mark { fill: currentColor; color: var(--accent); }
& .pgw-cell { min-width: 0; padding: 6px 14px; border: 1px solid transparent;
  border-radius: 8px; }
& .pgw-user .pgw-cell, & .pgw-system .pgw-cell { border-color: var(--line-soft); }
& .pgw-user .pgw-cell { background: var(--surface); }
& .pgw-cell > * + * { margin-top: 10px; }
& .pgw-md > :where(p, ul, ol, h1, h2, h3, h4, h5, h6, blockquote) { max-width: 74ch; }
& .pgw-md > * + * { margin-top: 10px; }
& .pgw-md :where(h1, h2, h3, h4, h5, h6) { font-weight: 600; line-height: 1.4; }
& .pgw-md h1 { font-size: 1.28em; } & .pgw-md h2 { font-size: 1.16em; }
& .pgw-md :where(h3) { font-size: 1.06em; }
& .pgw-md :where(ul, ol) { padding-left: 20px; } & .pgw-md li + li { margin-top: 4px; }
& .pgw-md ul { list-style: disc; } & .pgw-md ol { list-style: decimal; }
& .pgw-md blockquote { padding-left: 12px; border-left: 2px solid var(--line);
  color: var(--text-2); }
& .pgw-md hr { height: 1px; background: var(--line); }
& strong { font-weight: 600; } & a { color: var(--link); text-underline-offset: 2px; }
& code { font: 400 .88em/1.4 var(--mono); background: var(--surface-2); color: inherit;
  border: 0; border-radius: 4px; padding: .1em .35em; white-space: inherit; }
& .pgw-var { color: var(--link); background: color-mix(in srgb, var(--accent) 11%, var(--bg)); }
& pre { font: 400 12.5px/1.55 var(--mono); overflow-x: auto; white-space: pre;
  word-break: normal; overflow-wrap: normal; tab-size: 4; }
& pre code { font: inherit; background: none; padding: 0; }
& .pgw-code { margin-inline: -15px; border: 1px solid var(--line-soft); border-radius: 8px;
  background: var(--surface); overflow: hidden; }
& .pgw-code pre { padding: 10px 14px; color: var(--text); }
& :where(li, blockquote, td) .pgw-code { margin-inline: 0; }
& .pgw-bar { padding: 6px 14px; font-size: 12px; line-height: 20px; color: var(--text-2);
  border-bottom: 1px solid var(--line-soft); }
& .pgw-tablewrap { overflow-x: auto; max-width: 100%; }
& table { border-collapse: collapse; font-size: 13px; line-height: 20px; width: auto;
  table-layout: auto; font-variant-numeric: tabular-nums; margin: 0; }
& tr { background: none; border: 0; padding: 0; }
& tbody tr:nth-child(n), & tbody tr:nth-child(n):hover { background: none; }
& th { text-align: left; font-weight: 600; color: var(--text-2); font-size: 12px;
  border: 0; border-bottom: 1px solid var(--line); padding: 4px 20px 4px 0;
  line-height: 20px; white-space: nowrap; vertical-align: bottom; }
& td { text-align: left; border: 0; border-bottom: 1px solid var(--line-soft);
  padding: 5px 20px 5px 0; line-height: 20px; white-space: nowrap; max-width: none;
  vertical-align: top; }
& .pgw-md td { white-space: normal; overflow-wrap: break-word; }
& tr:last-child td { border-bottom: 0; }
& [align="right"] { text-align: right; } & [align="center"] { text-align: center; }
& img { display: block; max-width: 100%; max-height: 360px; border-radius: 6px;
  border: 1px solid var(--line-soft); }
& .pgw-small { font-size: 12px; color: var(--text-2); }
& .pgw-fold { margin-inline: -15px; border: 1px solid var(--line-soft); border-radius: 8px;
  overflow: hidden; }
& .pgw-cell:has(> .pgw-fold:only-child) { padding-block: 0; }
& summary { display: flex; align-items: center; gap: 8px; min-height: 34px; padding: 0 10px;
  color: var(--text-2); font-size: 12px; cursor: pointer; list-style: none; }
& summary::-webkit-details-marker { display: none; }
& summary::before { content: ""; flex: none; width: 5px; height: 5px; margin: 0 4px 0 3px;
  border: solid currentColor; border-width: 1.35px 1.35px 0 0; transform: rotate(45deg); }
& details[open] > summary::before { transform: rotate(135deg); }
& summary:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px;
  border-radius: 7px; }
& summary > .pgw-cut { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
& summary > code { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; font-size: 12px; line-height: 1.5; color: var(--text); background: none;
  padding: 0; }
& summary > .pgw-end { margin-left: auto; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
& .pgw-fold > :not(summary) { margin: 0; border-top: 1px solid var(--line-soft); padding: 8px 14px;
  background: var(--surface); color: var(--text-2); }
& .pgw-fold > pre { font-size: 12px; }
& .pgw-system .pgw-cell { padding-block: 0; }
& .pgw-system summary { min-height: 36px; margin: 0 -14px; font-size: 14px; border-radius: 8px; }
& .pgw-system summary .pgw-var, & .pgw-system .pgw-md { font-size: 12.5px; }
& .pgw-system .pgw-md { font-size: 14px; padding: 4px 0 10px 14px; margin: 0;
  white-space: pre-wrap; }
& .pgw-system details[open] .pgw-cut > * { display: none; }
& .pgw-system details[open] .pgw-cut::before { content: "System prompt"; }
& .pgw-others { margin: 28px 0 10px; font-size: 16px; font-weight: 600; }
& .pgw-think { border: 0; margin-top: -5px; }
& .pgw-think > summary { padding-left: 4px; font-size: 13px; }
& .pgw-think > :not(summary) { background: none; border: 0; border-left: 2px solid var(--line);
  margin: 0 0 4px 14px; font-size: 13px; line-height: 1.55; }
& .pgw-foot { min-height: 20px; margin: 4px 0 0; font-size: 12px; line-height: 24px;
  color: var(--text-2); font-variant-numeric: tabular-nums; }
& .pgw-foot b { font-weight: 500; color: var(--text); }
& .pgw-foot .pgw-version { margin-right: 12px; } & .pgw-foot .pgw-version i { display: none; }
& .pgw-foot i { font-style: normal; color: var(--text-3); margin: 0 2px; }
& .pgw-rows > .pgw-say { margin: 6px 20px; text-align: center; font-size: 12px;
  color: var(--text-2); }
& .pgw-note { margin-inline: -15px; padding: 11px 14px; border-radius: 8px; font-size: 13px;
  line-height: 20px; border: 1px solid color-mix(in srgb, var(--warn) 34%, var(--bg));
  background: color-mix(in srgb, var(--warn) 6.5%, var(--bg)); }
& .pgw-note.pgw-failed { border-color: color-mix(in srgb, var(--error) 30%, var(--bg));
  background: color-mix(in srgb, var(--error) 5.5%, var(--bg)); }
& .pgw-note b { font-weight: 600; } & .pgw-note span { color: var(--text-2); }
@container pgw-saved (max-width: 719px) {
  & .pgw-msg { grid-template-columns: 104px minmax(0, 1fr); padding-right: 14px; }
  & .pgw-role { padding-left: 13px; gap: 7px; } }
@container pgw-saved (max-width: 479px) {
  & .pgw-msg { grid-template-columns: minmax(0, 1fr); padding: 4px 14px; }
  & .pgw-role { padding-left: 0; margin: 4px 0; height: 20px; line-height: 20px; }
  & .pgw-cell { padding: 2px 0; }
  & .pgw-user .pgw-cell { padding: 7px 11px; }
  & .pgw-system .pgw-cell { padding: 0 11px; } & .pgw-system summary { margin: 0 -11px; }
  & .pgw-fold, & .pgw-code, & .pgw-note { margin-inline: 0; } }
@media print { & details::details-content { content-visibility: visible; } }
"""


def _scoped(rules: str) -> str:
    squeezed = re.sub(r"\s+", " ", rules).strip()
    # Names of variables get the prefix of the project too: they are inherited.
    named = re.sub(r"--(?!vscode|colab|jp|marimo)([a-z])", r"--pgw-s-\1", squeezed)
    return named.replace("&", ".pgw-saved" * 3).replace("} ", "}\n")


SAVED = _scoped(_RULES)
"""For the saved transcript, in a notebook of any theme."""

PAGE = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 32px 20px 64px; background: #fff; color: #1f2023;
  font: 14px/1.6 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial,
  sans-serif; }
@media (prefers-color-scheme: dark) { body { background: #101113; color: #e3e3e4; } }
main { max-width: 980px; margin: 0 auto; }
h1 { font-size: 22px; line-height: 30px; font-weight: 600; letter-spacing: -.014em;
  margin: 0 0 16px; overflow-wrap: anywhere; }
"""
"""For a page of its own, around the transcript."""
