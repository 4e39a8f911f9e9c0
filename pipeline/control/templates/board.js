// An operator's retry is a run of the DAG retry_quarantined: Airflow decides who may, and keeps the log.
"use strict";
for (const button of document.querySelectorAll("button[data-retry]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    let answer = null;
    try {
      answer = await fetch(new URL("../api/v2/dags/retry_quarantined/dagRuns", document.baseURI), {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ logical_date: null, conf: { quarantine_ids: [button.dataset.retry] } }),
      });
    } catch { /* the line was lost: told below, as a refusal is */ }
    button.textContent = answer && answer.ok ? button.dataset.done : button.dataset.refused;
    button.disabled = Boolean(answer && answer.ok);
  });
}
