"""Bayan: what armed groups say in the news, as dated, attributed, explainable rows.

The packages stand in the order of the data: `ingest` reads what was fetched, `statements` finds who said what with
the pattern language of `matching` over `text`, `quality` says what must hold, `alerts` who is told. `jobs` are the use
cases, `adapters` all input and output, `bootstrap` the only place that wires them. Nothing here imports Airflow.
"""
