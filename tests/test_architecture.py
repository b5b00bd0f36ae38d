"""The rules by which the code is laid out, kept by looking at it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("bot", "storage", "renderers")
MAY_IMPORT = {"bot": {"bot", "storage", "renderers"}, "storage": {"storage"}, "renderers": {"renderers"}}
HOMES = {
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "sqlite3": ("storage/",),
    "psycopg": ("storage/",),
    "dbos": ("bot/engine.py", "bot/durable.py"),
    "trafilatura": ("bot/reading/",),
    "lxml": ("bot/reading/", "renderers/outputs/"),
    "css_inline": ("renderers/outputs/",),
    "feedgenerator": ("renderers/outputs/",),
    "pypdf": ("bot/reading/", "renderers/outputs/pdf_check.py"),
    "typst": ("renderers/outputs/",),
    "aiohttp.web": ("bot/pages/", "bot/rooms/", "bot/newsroom.py", "bot/tour/"),
    "telegram": ("bot/rooms/",),
    "discord": ("bot/rooms/",),
}
"""Each library has one home, where it can be exchanged."""
LONGEST_FILE, LONGEST_FUNCTION = 250, 30
SOURCES = sorted(path for package in OURS for path in (ROOT / package).rglob("*.py"))
PRODUCT = [path for path in SOURCES if "migrations" not in path.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=name(path))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions; `from a import b` as a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: import by the whole name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", OURS)
def test_packages_import_only_those_they_may(package: str) -> None:
    wrong = {
        f"{name(path)} imports {module}"
        for path in SOURCES
        if path.is_relative_to(ROOT / package)
        for module in imports(path)
        if module.partition(".")[0] in {*OURS, "tests"} - MAY_IMPORT[package]
    }
    assert wrong == set()


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_has_one_home(library: str) -> None:
    astray = {
        name(path)
        for path in SOURCES
        for module in imports(path)
        if (module == library or module.startswith(f"{library}."))
        and not name(path).startswith(HOMES[library])
    }
    assert astray == set()


def test_only_storage_runs_git() -> None:
    running = {name(path) for path in PRODUCT if re.search(r"""[(\["]git["'],""", path.read_text())}

    assert all(path.startswith("storage/git") for path in running)
    assert running


IMPORT_ALL = """
import sys
done = []
forbidden = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir",
             "os.remove", "os.rename", "sqlite3.connect", "os.fork", "os.posix_spawn")
def hook(event, arguments):
    if event in forbidden:
        done.append((event, str(arguments)[:80]))
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        done.append((event, str(arguments)[:80]))
sys.dont_write_bytecode = True
import {libraries}
sys.addaudithook(hook)
import {modules}
import asyncio, threading
assert threading.active_count() == 1, threading.enumerate()
assert not done, done
"""


def test_nothing_happens_at_import() -> None:
    """No file is written, no socket or process opened, no thread started by importing our modules.

    Libraries are imported before the look: what they do is theirs (trafilatura reads its own settings).
    """
    ours = sorted(
        name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in PRODUCT
        if path.name not in ("__main__.py", "env.py")
    )
    libraries = sorted(
        {m.partition(".")[0] for path in PRODUCT for m in imports(path)} - {*OURS, "readline", ""}
    )
    program = IMPORT_ALL.format(libraries=", ".join(libraries), modules=", ".join(ours))

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]


def test_files_are_short() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in PRODUCT}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    functions = [
        (name(path), node)
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {f"{path}: {node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in functions}

    assert {function: length for function, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_public_things_say_what_they_are() -> None:
    silent = {
        f"{name(path)}: {node.name}"
        for path in PRODUCT
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    }
    assert silent == set()


FORBIDDEN_NAMES = ("utils", "helpers", "manager", "misc", "common")


def test_no_module_is_a_drawer() -> None:
    assert [name(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_no_test_plays_make_believe_with_our_own_code() -> None:
    """Fakes stand for what is not ours; nothing of ours is replaced inside a test."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    mocking = {
        name(path) for path in [*tests, *PRODUCT] for module in imports(path) if module.startswith("unittest")
    }
    assert mocking == set()


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    left = {name(path) for path in SOURCES if words.search(path.read_text())}

    assert left == set()


def test_a_type_is_never_ignored_without_a_reason() -> None:
    bare = {
        name(path)
        for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]
        if path != Path(__file__) and re.search(r"type: ignore(?!\[)", path.read_text())
    }
    assert bare == set()
