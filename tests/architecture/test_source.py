"""What the source itself has to keep: who may write, and how long a file may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
WRITES = {
    *("save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("delete", "acreate", "asave", "adelete"),
}
QUERIES = {"all", "annotate", "exclude", "filter", "order_by", "select_for_update", "using"}
MAY_WRITE = {"services.py", "access.py", "models.py", "admin.py"}
MAY_WRITE_FOLDERS = {"migrations", "commands", "services", "models"}
# A broker's table is written by whoever publishes; it holds no facts of the domain.
MAY_WRITE_PATHS = {"apps/core/dbtransport.py"}
# What is saved there is a picture, to a file.
SAVES_PICTURES = {"apps/portal/demo/writing.py"}
# They know neither Django nor tables: what they save is a picture, what they update a digest.
NO_TABLES = "modalities"
MOST_LINES = 300
# Longer for a reason; the list stays short.
LONG_FILES = {
    "apps/portal/demo/street.py",  # one made-up street, from kerb to sky
    "config/settings/base.py",  # the one place that reads the environment
    "numerics/geometry/projection.py",  # every way in which an edge crosses a picture
    "numerics/geometry/camera.py",  # every camera model beside its inverse and its derivative
}


def writes_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each call that writes to the database, as far as its form tells."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            name = call.func.attr
            # A dict has `update` too; a query set's follows a call: `.filter(…).update(…)`.
            on_a_query = name in {"update", "aupdate"} and is_query(call.func.value)
            if name in WRITES or on_a_query:
                yield call.lineno, name


def is_query(value: ast.expr) -> bool:
    """Whether an expression reads like a query set: `….filter(…)`, or what a selector returns."""
    if not isinstance(value, ast.Call):
        return False
    return isinstance(value.func, ast.Name) or (
        isinstance(value.func, ast.Attribute) and value.func.attr in QUERIES
    )


def may_write(path: Path) -> bool:
    """Whether this file is one of those in which writing is its job."""
    return (
        path.name in MAY_WRITE
        or bool(MAY_WRITE_FOLDERS & set(path.parts))
        or path.as_posix() in MAY_WRITE_PATHS | SAVES_PICTURES
        or NO_TABLES in path.parts
    )


def test_only_services_write():
    strays = [
        f"{path.relative_to(PROJECT)}:{line} .{name}()"
        for path in sorted(PROJECT.glob("apps/**/*.py"))
        if not may_write(path.relative_to(PROJECT))
        for line, name in writes_in(path.read_text(encoding="utf-8"))
    ]

    assert strays == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Scene.objects.create(name='x')", [(1, "create")]),
        ("scene.save()", [(1, "save")]),
        ("Scene.objects.filter(pk=1).update(name='x')", [(1, "update")]),
        ("{}.update(name='x')", []),
        ("values.update(name='x')", []),
        ("table.setdefault(1, {}).update(name='x')", []),
        ("open_tasks(project).update(name='x')", [(1, "update")]),
    ],
)
def test_a_write_is_told_by_its_form(source, found):
    assert list(writes_in(source)) == found


def test_no_file_is_long():
    patterns = ("apps/**/*.py", "config/**/*.py", "numerics/**/*.py")
    long = {
        name: length
        for pattern in patterns
        for path in sorted(PROJECT.glob(pattern))
        if "migrations" not in path.parts
        and (name := path.relative_to(PROJECT).as_posix()) not in LONG_FILES
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_the_list_of_long_files_is_true():
    lengths = {
        name: len((PROJECT / name).read_text(encoding="utf-8").splitlines()) for name in LONG_FILES
    }

    assert all(length > MOST_LINES for length in lengths.values()), lengths


def test_a_package_file_holds_nothing_but_the_names_that_django_looks_for():
    full = [
        path.relative_to(PROJECT).as_posix()
        for folder in ("apps", "config", "numerics")
        for path in sorted((PROJECT / folder).rglob("__init__.py"))
        if not (is_list_of_models(path) or not path.read_text(encoding="utf-8").strip())
    ]

    assert full == []


def is_list_of_models(path: Path) -> bool:
    """Whether this is a package of models, which has to import them, and does no more."""
    allowed = (ast.ImportFrom, ast.Assign, ast.Expr)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return path.parent.name == "models" and all(isinstance(node, allowed) for node in body)
