"""Exit code 0 when Airflow's API says that a part is healthy: `python healthy.py scheduler`.

Asking over HTTP costs a twentieth of a second; `airflow jobs check` starts a whole Airflow each time. Standard library
only.
"""

import http.client
import json
import sys

PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def status(part: str, *, host: str, port: int) -> str:
    """What the API says of a part: `healthy`, `unhealthy`, or what went wrong while asking."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/api/v2/monitor/health")
        response = connection.getresponse()
        if response.status != http.client.OK:
            return f"the API answers {response.status}"
        return str((json.load(response).get(part) or {}).get("status"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"the API at {host}:{port} does not answer: {error}"
    finally:
        connection.close()


def main(arguments: list[str]) -> int:
    """Exit code; the status goes to stdout, where `docker inspect` shows it."""
    if len(arguments) not in (1, 3) or arguments[0] not in PARTS:
        sys.stdout.write(f"usage: healthy.py {'|'.join(PARTS)} [HOST PORT]\n")
        return 2
    part, host, port = (*arguments, "api-server", "8080")[:3]
    said = status(part, host=host, port=int(port))
    sys.stdout.write(f"{part}: {said}\n")
    return 0 if said == "healthy" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
