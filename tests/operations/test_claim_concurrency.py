"""Many clients empty one queue at once: processes, each with threads, on a database of their own."""

from benchmarks.claim import double_claims


def test_no_task_is_given_twice_to_clients_that_claim_at_once():
    found = double_claims(tasks=240, clients=16, projects=3)

    assert found["errors"] == []
    assert (found["claims"], found["double_claims"]) == (240, 0)
    assert found["after"] == {"open": 0, "leased": 240, "events": 240, "wrong_tokens": 0}
