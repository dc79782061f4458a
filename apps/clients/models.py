"""The tenant."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.core.models import Timestamped


class Client(Timestamped):
    """An organisation that orders labelling; nothing of one is visible to another."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        permissions = [("order_for_client", "Can order projects for the client")]

    def __str__(self) -> str:
        return self.name


class ClientUserObjectPermission(UserObjectPermissionBase):
    """A person's permission on a client, with a real foreign key."""

    content_object = models.ForeignKey(Client, on_delete=models.CASCADE)


class ClientGroupObjectPermission(GroupObjectPermissionBase):
    """A group's permission on a client, with a real foreign key."""

    content_object = models.ForeignKey(Client, on_delete=models.CASCADE)
