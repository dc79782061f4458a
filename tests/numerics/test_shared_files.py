"""The two files that Python, guidelines and the browser share: limits and words."""

import json
import math
import re
from pathlib import Path

import pytest

from numerics.checks.draft import WORDS, sentence
from numerics.checks.limits import DEFAULTS, SPANS, check_ids, default_noise, limits_of, params_of
from tests.golden import make

DOCUMENT = json.loads(DEFAULTS.read_text())
TEMPLATES = json.loads(WORDS.read_text())
ISSUE = {
    "proj.edges",
    "proj.iou",
    "proj.center",
    "link.missing",
    "link.class",
    "pts.few",
    "pts.outside",
    "ground.gap",
    "size.prior",
    "size.track",
    "kin.speed",
    "kin.yawrate",
    "dup.overlap",
}


def test_every_check_has_settings_and_words():
    said = {name for name in TEMPLATES if not name.startswith("fix.")}

    assert set(check_ids()) == ISSUE
    for check in ISSUE:
        assert any(name == check or name.startswith(f"{check}.") for name in said), check


@pytest.mark.parametrize("class_key", [*DOCUMENT["classes"], *DOCUMENT["aliases"], "unheard-of"])
def test_limits_make_sense(class_key):
    limits = limits_of([class_key])

    for low, high in limits.spans_m:
        assert 0 < low < high
    assert limits.ground_warn_m < limits.ground_error_m
    assert limits.iou_error < limits.iou_warn < 1
    assert limits.center_warn_ratio < limits.center_error_ratio
    assert limits.edge_warn_ratio < limits.edge_error_ratio
    assert 0 < limits.shell_warn_ratio < 1
    assert limits.points_min >= 1


def test_aliases_name_classes():
    assert set(DOCUMENT["aliases"].values()) <= set(DOCUMENT["classes"])


@pytest.mark.parametrize("words", TEMPLATES)
def test_every_sentence_can_be_filled(words):
    numbers = re.findall(r"\{(\w+)\|\d\}", TEMPLATES[words])
    names = re.findall(r"\{(\w+)\}", TEMPLATES[words])

    filled = sentence(words, {**dict.fromkeys(names, "this"), **dict.fromkeys(numbers, 1.234)})

    assert not re.search(r"[{}|]", filled)
    assert not filled[0].isupper()
    assert not filled.endswith(".")


def test_words_that_nobody_wrote_are_an_error():
    with pytest.raises(KeyError):
        sentence("no.such.words", {})
    with pytest.raises(KeyError):
        sentence("ground.gap.floats", {})


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"length": [1, 2]}, "no field 'length'"),
        ({"group": 1.0}, "no field 'group'"),
        ({"length_m": 3.0}, "two numbers"),
        ({"length_m": [3.0, 2.0]}, "two numbers"),
        ({"points_min": [3.0, 4.0]}, "one number"),
        ({"points_min": None}, "one number"),
    ],
)
def test_overrides_that_do_not_fit_are_refused(overrides, said):
    with pytest.raises(ValueError, match=said):
        limits_of(["car"], overrides)


def test_settings_are_overridden_by_name():
    assert params_of("kin.speed", {"warn_share": 0.5}) == {"warn_share": 0.5}
    with pytest.raises(ValueError, match="no setting 'warn'"):
        params_of("kin.speed", {"warn": 0.5})
    with pytest.raises(ValueError, match=r"'kin.flight' is not known"):
        params_of("kin.flight")


def test_recordings_are_never_taken_for_exact():
    assert default_noise().pixel_px > 0
    assert set(SPANS) == {"length_m", "width_m", "height_m"}


def alike(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-7)
    return a == b


def test_the_golden_files_are_what_their_maker_writes():
    folder = Path(make.__file__).parent
    made = make.files()

    assert {path.stem for path in folder.glob("*.json")} == set(made)
    for name, document in made.items():
        written = json.loads((folder / f"{name}.json").read_text())
        # Another processor's sine may differ in its last digit.
        assert alike(written["cases"], json.loads(json.dumps(document["cases"]))), name
