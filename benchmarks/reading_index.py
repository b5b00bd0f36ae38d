"""How long a repost is looked for among many stories: `python -m benchmarks.reading_index 1000000`.

The stories are made up: random bands, of which one in twenty is a common one, and one that a tenth of all
stories share, as pages of one template do. What is timed is all that a reading's end does: its addresses,
signature and bands written, candidates found and compared, the transaction committed.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.reading_bar import Bar, print_bars
from bot.likeness import find_duplicate
from bot.newsroom import utc_now
from bot.reading.text_signature import BANDS, bands_of
from storage.database import Database
from storage.likeness import stories_in_bands
from storage.migrate import migrate
from storage.stories import add_story
from tests.postgres import postgres_programs, postgres_server

DESK = "measured"
_ASKED = 300
_COMMON, _COMMON_SHARE, _TEMPLATE_SHARE = 2_000, 0.05, 0.1
_STORIES = """
INSERT INTO stories
    (id, desk, number, status, url, pitched_at, confidence, doubts, likeness, withdrawn)
SELECT n, '{desk}', -n, 'published', 'https://a.test/' || n, '2020-05-13 09:00:00', 0, '[]', 0, {no}
FROM {numbers}"""
_UP_TO = "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {count}) SELECT n FROM r)"
_BAND = "INSERT OR IGNORE INTO signature_bands (value, story_id) VALUES (?, ?)"
_ROW = np.dtype([("fields", ">i2"), ("a", ">i4"), ("value", ">i8"), ("b", ">i4"), ("story", ">i4")])


def rows(counts: tuple[int, ...] = (10_000, 100_000)) -> Iterator[Bar]:
    """Measure at each number of stories, on SQLite and, where it is installed, on PostgreSQL."""
    for count in counts:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "desk.db"
            yield asyncio.run(_on_sqlite(file, count))
    programs = postgres_programs()
    if programs is not None:
        with postgres_server(programs) as server:
            for count in counts:
                url = server.new_database()
                yield asyncio.run(_on_postgres(url, count))
                server.drop(url)


async def _on_sqlite(file: Path, count: int) -> Bar:
    database = Database(f"sqlite:///{file}")
    await migrate(database)
    await database.close()
    before = file.stat().st_size
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        numbers = _UP_TO.format(count=count)
        connection.execute(_STORIES.format(desk=DESK, no=0, numbers=numbers))
        connection.commit()
        connection.execute("VACUUM")
        bare = file.stat().st_size
        connection.execute("INSERT INTO text_signatures SELECT id, zeroblob(512) FROM stories")
        for chunk in _chunks(count):
            pairs = zip(chunk["value"].tolist(), chunk["story"].tolist(), strict=True)
            connection.executemany(_BAND, pairs)
        for story, signature in enumerate(_signatures(), start=1):
            connection.execute(
                "UPDATE text_signatures SET signature = ? WHERE story_id = ?", (signature, story)
            )
    connection.close()
    bytes_each = (file.stat().st_size - max(before, bare)) / count
    return await _asked(f"sqlite:///{file}", "SQLite", count, bytes_each)


async def _on_postgres(url: str, count: int) -> Bar:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute(
            _STORIES.format(desk=DESK, no="false", numbers=f"generate_series(1, {count}) AS r(n)")
        )
        connection.execute("SELECT setval(pg_get_serial_sequence('stories', 'id'), %s)", (count,))
        connection.execute(
            "INSERT INTO text_signatures SELECT id, decode(repeat('00', 512), 'hex') FROM stories"
        )
        connection.execute("ALTER TABLE signature_bands DROP CONSTRAINT pk_signature_bands")
        with connection.cursor().copy(
            "COPY signature_bands (value, story_id) FROM STDIN (FORMAT BINARY)"
        ) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
            for chunk in _chunks(count):
                copy.write(chunk.tobytes())
            copy.write(b"\xff\xff")
        key = "PRIMARY KEY (value, story_id)"
        connection.execute(f"ALTER TABLE signature_bands ADD CONSTRAINT pk_signature_bands {key}")
        for story, signature in enumerate(_signatures(), start=1):
            connection.execute(
                "UPDATE text_signatures SET signature = %s WHERE story_id = %s", (signature, story)
            )
        connection.execute("ANALYZE")
        sizes = "pg_total_relation_size('signature_bands') + pg_total_relation_size('text_signatures')"
        [total] = connection.execute(f"SELECT {sizes}").fetchone() or (0,)
    return await _asked(url, "PostgreSQL", count, total / count)


def _signatures() -> list[bytes]:
    """Return the signatures of the first stories, which are the ones that are reposted."""
    drawn = np.random.default_rng(1).integers(2**32, size=(_ASKED, 2 * BANDS), dtype=np.uint32)
    return [row.tobytes() for row in drawn]


def _chunks(count: int) -> Iterator[NDArray[np.void]]:
    """Return the rows of all bands in the order of their values, each story once in each chunk."""
    chance = np.random.default_rng(2)
    known = np.array([bands_of(signature, DESK) for signature in _signatures()])
    common = np.concatenate(
        [chance.choice(known.ravel(), _COMMON // 2), chance.integers(-(2**63), 2**63, _COMMON)]
    )
    width = 2**64 // BANDS
    for band in range(BANDS):
        low = -(2**63) + band * width
        values = chance.integers(low, low + width, count)
        near = common[(common >= low) & (common < low + width)]
        stories = chance.permutation(count) + 1
        others = stories > _ASKED
        chosen = others & (chance.random(count) < _COMMON_SHARE)
        values[chosen] = chance.choice(near, chosen.sum())
        if band == 0:
            values[others & (chance.random(count) < _TEMPLATE_SHARE)] = known[known < low + width].min()
        own = np.array([(v, s + 1) for s, row in enumerate(known) for v in row if low <= v < low + width])
        values, stories = np.concatenate([values, own[:, 0]]), np.concatenate([stories, own[:, 1]])
        order = np.lexsort((stories, values))
        made = np.zeros(len(order), dtype=_ROW)
        made["fields"], made["a"], made["b"] = 2, 8, 4
        made["value"], made["story"] = values[order], stories[order]
        yield made


async def _asked(url: str, name: str, count: int, bytes_each: float) -> Bar:
    """Let reposts end their reading, and see that each finds its story."""
    database = Database(url)
    seconds, found, work = [], 0, 0.0
    chance = np.random.default_rng(3)
    for story, signature in enumerate(_signatures(), start=1):
        half = np.frombuffer(signature, np.uint32).copy()
        half[chance.random(2 * BANDS) < 0.5] = 7  # half of the text is another
        address = f"https://repost.test/{story}"
        async with database.transaction() as session:
            repost = await add_story(
                session, desk=DESK, key=address, url=address, pitched_by=None, now=utc_now()
            )
            assert repost is not None
        begun, worked = time.perf_counter(), time.process_time()
        async with database.transaction() as session:
            session.add(repost)
            await find_duplicate(session, repost, {"final_url": address, "signature": half.tobytes().hex()})
        seconds.append(time.perf_counter() - begun)
        work += time.process_time() - worked
        found += repost.same_as == story
    looks = [await _look(database, signature) for signature in _signatures()]
    await database.close()
    marks = quantiles(seconds, n=100)
    return Bar(
        f"reposts among {count:,} stories, {name}",
        "none of the peers",
        f"p50 {marks[49] * 1000:.1f} ms, p99 {marks[98] * 1000:.1f} ms, CPU {work / _ASKED * 1000:.1f} ms, "
        f"of which looking p50 {median(looks) * 1000:.1f} ms, "
        f"found {found / _ASKED:.3f}, {bytes_each:,.0f} bytes a story",
        "flat",
    )


async def _look(database: Database, signature: bytes) -> float:
    """Look for the stories that share a band with a signature, and nothing more."""
    begun = time.perf_counter()
    async with database.reading() as session:
        await stories_in_bands(session, bands_of(signature, DESK), besides=0, limit=100)
    return time.perf_counter() - begun


if __name__ == "__main__":
    print_bars(rows(tuple(map(int, sys.argv[1:])) or (10_000, 100_000)))
