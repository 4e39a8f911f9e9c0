"""The operators' page inside the Airflow UI, and the figures for Prometheus: FastAPI, without a word of Airflow.

Who may look and who may act is asked of whoever mounts the page (`plugins/bayan_page.py`). The page only reads: what an
operator does there is a run of a DAG, with its log and under Airflow's own rights.
"""
