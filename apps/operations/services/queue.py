"""The one statement that finds the head of a person's queue and takes it."""

import json
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User

# A scene is open to a person if they may judge it: `apps.operations.rules.may_judge` in SQL.
# It is written as a count so that it is asked row by row from the head on, and never turned into
# a join over the whole queue. What was done in this very review does not count.
MAY_JUDGE = """
    (q.kind <> 'review' OR (
        (q.author_id IS NULL OR q.author_id <> %(me)s)
        AND (SELECT COUNT(*) FROM operations_contribution c
             WHERE c.scene_id = q.scene_id AND c.person_id = %(me)s
               AND (c.task_id IS NULL OR c.task_id <> q.id)) = 0))
"""

# Every literal that stands in a partial index's condition must stand in the statement as well.
POSTGRES = f"""
UPDATE operations_task SET
    state = 'leased', assignee_id = %(me)s, lease_token = lease_token + 1,
    leased_at = %(now)s, updated_at = %(now)s,
    lease_expires_at = %(now)s + (
        SELECT s.lease_minutes FROM operations_stage s WHERE s.id = operations_task.stage_id
    ) * INTERVAL '1 minute'
WHERE id = COALESCE(
    (SELECT q.id FROM operations_task q
     WHERE q.state = 'open' AND q.reserved_for_id = %(me)s AND q.kind = %(kind)s
       AND q.project_id = ANY(%(projects)s) AND {MAY_JUDGE}
     ORDER BY q.priority DESC, q.id LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT head.id FROM unnest(%(projects)s::bigint[]) AS p(id)
     CROSS JOIN LATERAL (
        SELECT q.id, q.priority FROM operations_task q
        WHERE q.state = 'open' AND q.reserved_for_id IS NULL AND q.kind = %(kind)s
          AND q.project_id = p.id AND {MAY_JUDGE}
        ORDER BY q.priority DESC, q.id LIMIT 1 FOR UPDATE SKIP LOCKED) head
     ORDER BY head.priority DESC, head.id LIMIT 1))
RETURNING id
"""  # noqa: S608 - put together from this module's own constants

SQLITE = f"""
UPDATE operations_task SET
    state = 'leased', assignee_id = %(me)s, lease_token = lease_token + 1,
    leased_at = %(now)s, updated_at = %(now)s,
    lease_expires_at = strftime('%%Y-%%m-%%d %%H:%%M:%%f', %(now)s, '+' || (
        SELECT s.lease_minutes FROM operations_stage s WHERE s.id = operations_task.stage_id
    ) || ' minutes')
WHERE id = COALESCE(
    (SELECT q.id FROM operations_task q
     WHERE q.state = 'open' AND q.reserved_for_id = %(me)s AND q.kind = %(kind)s
       AND q.project_id IN (SELECT value FROM json_each(%(projects)s)) AND {MAY_JUDGE}
     ORDER BY q.priority DESC, q.id LIMIT 1),
    (SELECT t.id FROM operations_task t
     WHERE t.id IN (
        SELECT (SELECT q.id FROM operations_task q
                WHERE q.state = 'open' AND q.reserved_for_id IS NULL AND q.kind = %(kind)s
                  AND q.project_id = p.value AND {MAY_JUDGE}
                ORDER BY q.priority DESC, q.id LIMIT 1)
        FROM json_each(%(projects)s) p)
     ORDER BY t.priority DESC, t.id LIMIT 1))
RETURNING id
"""  # noqa: S608 - put together from this module's own constants


def take_head(user: User, *, kind: str, project_ids: list[int]) -> int | None:
    """Lease the task that waits first for a person; part of a larger transaction.

    What is kept for them comes first, then the head of the projects' queues. On PostgreSQL rows
    that another transaction is taking are passed over, so nobody waits for anybody.

    Returns:
        The task's id, or nothing if none waits, or all that wait are being taken just now.
    """
    now = timezone.now()
    postgres = connection.vendor == "postgresql"
    values: dict[str, Any] = {
        "me": user.pk,
        "kind": kind,
        "now": now if postgres else connection.ops.adapt_datetimefield_value(now),
        "projects": project_ids if postgres else json.dumps(project_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES if postgres else SQLITE, values)
        row = cursor.fetchone()
    return None if row is None else int(row[0])
