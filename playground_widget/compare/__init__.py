"""Variants side by side: the same conversation, or rows of inputs, asked in several ways."""

from playground_widget.compare._ask import asking
from playground_widget.compare._asked import asked_about, body_of, input_of
from playground_widget.compare._cluster import Cluster, client_of
from playground_widget.compare._comparison import Comparison, check_cost
from playground_widget.compare._gate import AskCell, Gate, Question, Tell
from playground_widget.compare._inputs import rows_of
from playground_widget.compare._judge import judge
from playground_widget.compare._runner import Runner, end_all
from playground_widget.compare._scorers import exact, fits_schema, regex
from playground_widget.compare._scoring import Scorer, Scoring
from playground_widget.compare._start import Home, opened, started
from playground_widget.compare._steps import Step
from playground_widget.compare._telling import (
    CellFinished,
    CellStarted,
    CellText,
    Listener,
    Progress,
    Update,
)
from playground_widget.compare._values import Cell, CellStatus, Key, Plan, Row, Score, Value
from playground_widget.compare._variants import Candidate, Variant, candidates

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
    "Gate",
    "Home",
    "Key",
    "Listener",
    "Plan",
    "Progress",
    "Question",
    "Row",
    "Runner",
    "Score",
    "Scorer",
    "Scoring",
    "Step",
    "Tell",
    "Update",
    "Value",
    "Variant",
    "asked_about",
    "asking",
    "body_of",
    "candidates",
    "check_cost",
    "client_of",
    "end_all",
    "exact",
    "fits_schema",
    "input_of",
    "judge",
    "opened",
    "regex",
    "rows_of",
    "started",
]
