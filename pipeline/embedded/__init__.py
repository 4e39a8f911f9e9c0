"""Everything that one machine needs and a team has elsewhere: Airflow's processes, a newsroom, a mail server.

`bayan up` (behind `make run`) starts them on 127.0.0.1, pushes one pass through the DAGs as an operator would, prints
what came of it and stops what it started. Nothing here knows how statements are found; Airflow is started and asked
over its REST API, never imported.
"""
