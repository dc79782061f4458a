"""`manage.py up`: everything in one command, and nothing lost when it is shot."""

import http.client
import os
import signal
import socket
import sys
import threading
import time

from apps.core.supervision import Child, supervise
from tests.site import group_of, is_alive, wait_until

RUN = """
from apps.core.jobs import enqueue_run
from apps.core.services import start_run
import tests.core.probe_worker
enqueue_run(start_run("probe", task_name="probe.run", task_kwargs={"upto": 30}, queue="long"))
"""
LOOK = "SELECT state, done, attempts FROM core_jobrun"


def status_of(site, path):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def test_it_serves_pages_files_and_the_api_and_stops_when_asked(site):
    up = site.start()
    wait_until(lambda: len(group_of(up)) >= 7, what="the start of all processes")
    pids = group_of(up)

    assert status_of(site, "/accounts/login/") == 200
    assert status_of(site, "/static/admin/css/base.css") == 200
    assert status_of(site, "/api/v1/me/") == 401
    wait_until(lambda: f"Concord is at {site.url}" in site.said(), what="the address")

    up.terminate()
    assert up.wait(40) == 0
    assert [pid for pid in pids if is_alive(pid)] == []


def test_a_shot_run_is_taken_up_again_by_the_next_start(site):
    site.environ |= {"RUN_STALE_S": "2", "EXTRA_JOB_MODULES": "tests.core.probe_worker"}
    site.python(RUN)
    first = site.start("--no-prepare")
    pids = group_of(first)
    wait_until(lambda: site.query(LOOK)[0][0] == "running", what="the begin of the run")

    pids += group_of(first)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    # Celery's pool ends its children one by one; beside other tests that takes its time.
    wait_until(
        lambda: not any(map(is_alive, pids)), within_s=180, what="the end of what was left behind"
    )
    state_then, done_then, _ = site.query(LOOK)[0]
    site.start("--no-prepare")
    wait_until(lambda: site.query(LOOK)[0][0] == "succeeded", within_s=90, what="the end")

    assert state_then == "running"
    assert done_then < 30
    assert site.query(LOOK) == [("succeeded", 30, 2)]


def test_a_taken_port_is_said_in_words(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        refused = site.manage("up", "--port", str(site.port), check=False)

    assert refused.returncode == 1
    assert f"Port {site.port} on 127.0.0.1 cannot be used" in refused.stderr
    assert "PORT=" in refused.stderr


def test_a_fallen_child_is_started_again_after_a_pause(tmp_path):
    starts = tmp_path / "starts"
    child = Child("mayfly", [sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x')"])
    stop = threading.Event()
    supervising = threading.Thread(target=supervise, args=([child],), kwargs={"stop": stop})

    begun_s = time.monotonic()
    supervising.start()
    wait_until(lambda: starts.exists() and starts.read_text() == "xx", what="a second start")
    took_s = time.monotonic() - begun_s
    stop.set()
    supervising.join(30)

    assert took_s >= 1
    assert child.falls >= 1


def test_a_child_that_does_not_stop_is_made_to(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.core.supervision.GRACE_S", 1.0)
    ready = tmp_path / "ready"
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(ready)!r}, 'w'); time.sleep(600)"
    )
    child = Child("stubborn", [sys.executable, "-c", code])
    stop = threading.Event()
    supervising = threading.Thread(target=supervise, args=([child],), kwargs={"stop": stop})

    supervising.start()
    wait_until(ready.exists, what="the start")
    stop.set()
    supervising.join(30)

    assert child.process.returncode == -signal.SIGKILL
