"""An annotator's work on a real recording, with a real mouse, in a real browser."""

import json
import re
import shutil
import statistics

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.shared_data import shared
from tests.site import wait_until

pytestmark = [pytest.mark.shared]

FRAME = "000007"
PASSWORD = "ann-has-a-long-secret"
# Counts, not frames a second: there is no graphics card here.
MOST_DRAW_CALLS = 60
MOST_POINTS = 260_000
MOST_JS_MS = 8

MAKE_ANNOTATOR = f"""
from apps.operations.models import Task
from apps.projects.access import Role, grant
from apps.projects.models import Project
from apps.accounts.models import User
from apps.workforce.models import Qualification
from apps.workforce.services import qualify
project = Project.objects.get(slug="kitti")
ann = User.objects.create_user("ann@example.org", password={PASSWORD!r}, display_name="Ann")
grant(ann, Role.ANNOTATOR, project=project)
qualify(ann, modalities=("lidar", "camera", "radar", "depth"), kind=Qualification.Kind.LABEL)
print(Task.objects.get(scene__project=project).pk)
"""


def recording(folder):
    """One KITTI frame without its labels."""
    source = shared("lidar_camera", "kitti_object_shared")
    for part in ("calib", "image_2", "velodyne"):
        (folder / part).mkdir(parents=True)
        for file in (source / part).glob(f"{FRAME}.*"):
            shutil.copy(file, folder / part / file.name)
    return folder


def first_car():
    """Centre and length of the frame's nearest car as KITTI labels it, in the LiDAR's frame."""
    source = shared("lidar_camera", "kitti_object_shared")
    lines = (source / f"calib/{FRAME}.txt").read_text().splitlines()
    rows = {
        name: np.array(numbers.split(), float)
        for name, _, numbers in (line.partition(":") for line in lines if line)
    }
    rectified, camera_from_lidar = np.eye(4), np.eye(4)
    rectified[:3, :3] = rows["R0_rect"].reshape(3, 3)
    camera_from_lidar[:3] = rows["Tr_velo_to_cam"].reshape(3, 4)
    label = next(
        line.split()
        for line in (source / f"label_2/{FRAME}.txt").read_text().splitlines()
        if line.startswith("Car")
    )
    height, _width, length, x, y, z = (float(number) for number in label[8:14])
    center = np.linalg.inv(rectified @ camera_from_lidar) @ [x, y - height / 2, z, 1]
    return center[:3].tolist(), length


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label(re.compile("email", re.IGNORECASE)).fill("ann@example.org")
    page.get_by_label(re.compile("^password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{url}/**")


def claim(page: Page, url: str, task: int) -> None:
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": url}
    answer = page.request.post(f"{url}/api/v1/tasks/{task}/claim/", headers=headers)
    assert answer.ok, answer.text()


class Bench:
    """The workspace's read-only surface for tests."""

    def __init__(self, page: Page, url: str, task: int) -> None:
        self.page, self.url, self.task = page, url, task

    def open(self) -> None:
        self.page.goto(f"{self.url}/tasks/{self.task}/work/")
        self.until("pointsDrawn > 50000")

    def now(self, what: str):
        return self.page.evaluate(f"window.__concord.{what}")

    def until(self, condition: str) -> None:
        # The pages' policy forbids eval, which Playwright's own waiting needs.
        wait_until(
            lambda: self.page.evaluate(
                f"Boolean(window.__concord && window.__concord.{condition})"
            ),
            within_s=30,
            what=condition,
        )

    def saved(self, version: int) -> None:
        self.until(f"version >= {version} && window.__concord.saveState === 'saved'")

    def cuboid(self) -> dict:
        """The only object's only cuboid, as the server has it."""
        document = self.page.request.get(f"{self.url}/api/v1/tasks/{self.task}/doc/").json()
        [labelled] = document["objects"]
        [key] = labelled["streams"]["world/cuboid"]
        return key["geometry"]

    def borders(self, view: str) -> list[float]:
        return self.now(f"cuboidOnScreen(window.__concord.selected, {json.dumps(view)})")


@pytest.fixture
def bench(site, page, tmp_path):
    folder = recording(tmp_path / "recording")
    site.manage("import_recording", str(folder), "--project", "kitti", "--create-project")
    task = int(site.python(MAKE_ANNOTATOR).split()[-1])
    site.start()
    sign_in(page, site.url)
    claim(page, site.url, task)
    bench = Bench(page, site.url, task)
    bench.open()
    return bench


def drag(
    page: Page, start: tuple[float, float], by: tuple[float, float], look=lambda: None
) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(start[0] + by[0] * step / 12, start[1] + by[1] * step / 12)
        look()
    page.mouse.up()


def test_an_annotator_labels_a_car(bench):
    page = bench.page
    center, length = first_car()

    # One click makes a cuboid, fitted and on the ground.
    x, y = bench.now(f"project({center}, 'main')")
    page.keyboard.down("Alt")
    page.mouse.click(x, y)
    page.keyboard.up("Alt")
    bench.saved(1)
    made = bench.cuboid()
    assert np.hypot(made["center_m"][0] - center[0], made["center_m"][1] - center[1]) < length / 4

    # Its front is pulled half the view's width further out, in the view from above.
    left, top, right, _bottom = bench.borders("top")
    spent: list[float] = []
    drag(
        page,
        ((left + right) / 2 + 40, top),
        (0, -20),
        look=lambda: spent.append(bench.now("jsMsPerFrame")),
    )
    bench.saved(2)
    longer = bench.cuboid()
    assert longer["size_m"][0] > made["size_m"][0] + 0.1
    assert longer["size_m"][1:] == pytest.approx(made["size_m"][1:])
    assert bench.now("drawCalls") <= MOST_DRAW_CALLS
    assert bench.now("pointsDrawn") <= MOST_POINTS
    assert statistics.median(spent) <= MOST_JS_MS

    # Undo is a new change, and gives back what was.
    page.keyboard.press("Control+z")
    bench.saved(3)
    assert bench.cuboid()["size_m"] == pytest.approx(made["size_m"])

    # Keys move it as the view shows it: W goes along the heading.
    page.mouse.move(x, y)
    page.keyboard.press("Shift+W")
    bench.saved(4)
    assert np.linalg.norm(
        np.subtract(bench.cuboid()["center_m"], made["center_m"])
    ) == pytest.approx(0.2, abs=0.01)


def test_a_tab_that_dies_offline_loses_nothing(bench):
    page, context = bench.page, bench.page.context
    center, _length = first_car()
    x, y = bench.now(f"project({center}, 'main')")
    page.keyboard.press("c")
    page.mouse.click(x, y)
    bench.saved(1)
    before = bench.cuboid()

    context.set_offline(True)
    page.keyboard.press("Shift+R")
    bench.until("saveState === 'offline'")
    page.close()
    context.set_offline(False)
    again = Bench(context.new_page(), bench.url, bench.task)
    again.open()
    again.saved(2)

    assert again.cuboid()["center_m"][2] == pytest.approx(before["center_m"][2] + 0.2, abs=0.01)
