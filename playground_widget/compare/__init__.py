"""Variants side by side: the same conversation, or rows of inputs, asked in several ways."""

from playground_widget.compare._alive import costs, end_all, running
from playground_widget.compare._ask import asking
from playground_widget.compare._asked import (
    asked_about,
    body_of,
    input_of,
    question_of,
    values_in,
)
from playground_widget.compare._cluster import Cluster, client_of
from playground_widget.compare._comparison import Comparison
from playground_widget.compare._costs import check_cost
from playground_widget.compare._export import FileFormat, cells_of, exported, results_of
from playground_widget.compare._gate import AskCell, Gate, Question, Tell
from playground_widget.compare._inputs import rows_of, rows_of_csv
from playground_widget.compare._judge import judge
from playground_widget.compare._picks import Pick, WinRate
from playground_widget.compare._runner import Runner
from playground_widget.compare._scorers import exact, fits_schema, regex
from playground_widget.compare._scoring import Scorer, Scoring
from playground_widget.compare._specs import scorer_of
from playground_widget.compare._start import Home, held, opened, started
from playground_widget.compare._steps import Step
from playground_widget.compare._summary import summary_of
from playground_widget.compare._target import target_of
from playground_widget.compare._telling import (
    CellFinished,
    CellStarted,
    CellText,
    Listener,
    Picked,
    Progress,
    Renamed,
    Summary,
    Update,
)
from playground_widget.compare._turn import messages_of
from playground_widget.compare._values import Cell, CellStatus, Key, Plan, Row, Score, Value
from playground_widget.compare._variants import Candidate, Variant, candidates
from playground_widget.compare._view import shown_cells, update_to_dict, view_of

__all__ = [
    "AskCell",
    "Candidate",
    "Cell",
    "CellFinished",
    "CellStarted",
    "CellStatus",
    "CellText",
    "Cluster",
    "Comparison",
    "FileFormat",
    "Gate",
    "Home",
    "Key",
    "Listener",
    "Pick",
    "Picked",
    "Plan",
    "Progress",
    "Question",
    "Renamed",
    "Row",
    "Runner",
    "Score",
    "Scorer",
    "Scoring",
    "Step",
    "Summary",
    "Tell",
    "Update",
    "Value",
    "Variant",
    "WinRate",
    "asked_about",
    "asking",
    "body_of",
    "candidates",
    "cells_of",
    "check_cost",
    "client_of",
    "costs",
    "end_all",
    "exact",
    "exported",
    "fits_schema",
    "held",
    "input_of",
    "judge",
    "messages_of",
    "opened",
    "question_of",
    "regex",
    "results_of",
    "rows_of",
    "rows_of_csv",
    "running",
    "scorer_of",
    "shown_cells",
    "started",
    "summary_of",
    "target_of",
    "update_to_dict",
    "values_in",
    "view_of",
]
