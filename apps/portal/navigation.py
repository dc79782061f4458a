"""What stands in the rail, by what a person is."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from apps.accounts.models import User
from apps.portal.selectors.roles import roles_of


@dataclass(frozen=True, slots=True)
class RailLink:
    """One line of the rail."""

    label: str
    icon: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class RailGroup:
    """Lines that belong together."""

    label: str
    links: list[RailLink] = field(default_factory=list)


# Who sees a line (nobody named: everyone), its group, words, icon and address.
LINES: tuple[tuple[frozenset[str], str, str, str, str], ...] = (
    (frozenset(), "", "Home", "home", "portal:home"),
    (frozenset(), "", "Projects", "folder", "portal:projects"),
    (frozenset({"annotator", "reviewer"}), "", "My history", "history", "portal:history"),
    (frozenset({"manager", "admin"}), "Production", "Tasks", "list", "portal:tasks"),
    (frozenset({"manager", "admin"}), "Production", "People", "users", "portal:people"),
    (frozenset({"admin"}), "Operation", "Administration", "settings", "admin:index"),
)


def rail_groups(person: User | AnonymousUser, *, path: str) -> list[RailGroup]:
    """The rail of a person on a page."""
    roles = roles_of(person)
    groups: dict[str, RailGroup] = {}
    for wanted, group, label, icon, name in LINES:
        if wanted and not wanted & roles:
            continue
        href = reverse(name)
        here = path == href if href == "/" else path.startswith(href)
        groups.setdefault(group, RailGroup(group)).links.append(RailLink(label, icon, href, here))
    return list(groups.values())
