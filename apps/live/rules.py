"""Who may hear what is said in a room."""

from apps.accounts.models import User
from apps.live.rooms import Room
from apps.projects.access import may


def may_hear(person: User, room: Room) -> bool:
    """One's own room, and the rooms of projects that one may view; nobody whose account is closed."""
    if not User.objects.filter(pk=person.pk, is_active=True).exists():
        return False
    if room.kind == "person":
        return room.owner_id == person.pk
    return may(person, "view_project", room.owner_id)
