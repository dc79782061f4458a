"""What a person may be told about tasks and leases."""

from apps.core.errors import Invalid, Locked


class StaleLease(Locked):
    """The lease that a request came under is not the task's any more."""

    code = "stale_lease"
    title = "Your hold on the task has ended"


class AlreadySubmitted(Locked):
    """The work was handed in; only its reviewer can open it again."""

    code = "submitted"
    title = "Handed in already"


class BlockedByFindings(Invalid):
    """Findings stand against handing in or accepting."""

    code = "blocking_findings"
    title = "Findings stand against it"
