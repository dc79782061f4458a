"""What changes about clients."""

from django.db import transaction
from django.utils.text import slugify

from apps.clients.models import Client
from apps.core.errors import Conflict, Invalid


@transaction.atomic
def create_client(name: str, *, slug: str = "") -> Client:
    """Take on an organisation that orders labelling.

    Args:
        name: As its people write it.
        slug: Its name in addresses; made from the name if empty.

    Raises:
        Conflict: If there is a client of that name or slug.
        Invalid: If no slug can be made from the name.
    """
    name = name.strip()
    chosen = slug or slugify(name)[:80]
    if not chosen:
        raise Invalid(
            "The client's name has no letter or digit for its address; give a slug.",
            fields={"slug": ["must be given"]},
        )
    if Client.objects.filter(name__iexact=name).exists():
        raise Conflict(f"There is a client named “{name}” already.", fields={"name": ["is taken"]})
    if Client.objects.filter(slug=chosen).exists():
        raise Conflict(
            f"A client has the address “{chosen}” already; give another slug.",
            fields={"slug": ["is taken"]},
        )
    return Client.objects.create(name=name, slug=chosen)
