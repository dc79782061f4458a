"""One client's order: the object that carries permissions."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.clients.models import Client
from apps.core.models import Timestamped


class Project(Timestamped):
    """One client's order: modalities, guideline, quality target, due date."""

    class State(models.TextChoices):
        """Where the order stands."""

        DRAFT = "draft", "Draft"
        ORDERED = "ordered", "Ordered"
        ACTIVE = "active", "In production"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    modalities = models.JSONField(default=list)
    max_error_rate = models.FloatField(
        default=0.02, validators=[MinValueValidator(0.0001), MaxValueValidator(0.5)]
    )
    confidence = models.FloatField(
        default=0.95, validators=[MinValueValidator(0.5), MaxValueValidator(0.9999)]
    )
    due_on = models.DateField(null=True, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("order_project", "Can upload recordings and take deliveries"),
            ("label_project", "Can label in the project"),
            ("review_project", "Can review in the project"),
            ("manage_project", "Can staff and steer the project"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "name"], name="project_name_once_a_client"),
            models.CheckConstraint(
                condition=Q(max_error_rate__gt=0) & Q(max_error_rate__lte=0.5),
                name="project_error_rate_is_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.5) & Q(confidence__lt=1),
                name="project_confidence_is_a_probability",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectUserObjectPermission(UserObjectPermissionBase):
    """A person's permission on a project, with a real foreign key."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)


class ProjectGroupObjectPermission(GroupObjectPermissionBase):
    """A group's permission on a project, with a real foreign key."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)
