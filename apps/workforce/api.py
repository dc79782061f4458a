"""The API's edge of people: teams, qualifications, availability."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.accounts.models import User
from apps.core.errors import NotFound, Refused
from apps.workforce.models import Availability, Qualification, Team
from apps.workforce.rules import is_away
from apps.workforce.selectors import people_seen_by, roster, steers_everything, teams_seen_by
from apps.workforce.services import (
    create_team,
    disqualify,
    join_team,
    leave_team,
    qualify,
    set_availability,
)


class AvailabilityOutput(serializers.ModelSerializer[Availability]):
    """How much of a person there is for work."""

    class Meta:
        model = Availability
        fields = ("hours_per_week", "time_zone", "away_until")


class QualificationOutput(serializers.ModelSerializer[Qualification]):
    """What a person may label or review, and until when."""

    class Meta:
        model = Qualification
        fields = ("modality", "kind", "expires_at")


class WorkerOutput(serializers.ModelSerializer[User]):
    """A person who works: their teams, what they can do, how much of them there is."""

    qualifications = QualificationOutput(source="valid_qualifications", many=True)
    teams = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()
    is_away = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "email", "teams", "qualifications", "availability", "is_away")

    def get_teams(self, worker: User) -> list[dict[str, Any]]:
        """In which they are, and as what."""
        return [
            {"id": member.team_id, "name": member.team.name, "role": member.role}
            for member in getattr(worker, "memberships", [])
        ]

    @extend_schema(responses=AvailabilityOutput)
    def get_availability(self, worker: User) -> dict[str, Any] | None:
        """As they said; null where they said nothing."""
        said = getattr(worker, "availability", None)
        return None if said is None else dict(AvailabilityOutput(said).data)

    def get_is_away(self, worker: User) -> bool:
        """Whether they are away today."""
        return is_away(getattr(worker, "availability", None), on=timezone.localdate())


class AvailabilityInput(serializers.Serializer[Availability]):
    """How much of me there is for work."""

    hours_per_week = serializers.FloatField(default=40)
    time_zone = serializers.CharField(max_length=60, default="UTC")
    away_until = serializers.DateField(allow_null=True, default=None)


class QualifyInput(serializers.Serializer[Qualification]):
    """What a person may do from now on."""

    modalities = serializers.ListField(
        child=serializers.SlugField(max_length=40), min_length=1, max_length=20
    )
    kind = serializers.ChoiceField(choices=Qualification.Kind.choices)
    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class DisqualifyInput(serializers.Serializer[Qualification]):
    """What a person may do no more."""

    modalities = serializers.ListField(
        child=serializers.SlugField(max_length=40), min_length=1, max_length=20
    )
    kind = serializers.ChoiceField(choices=Qualification.Kind.choices)


class TeamOutput(serializers.ModelSerializer[Team]):
    """People who work together."""

    member_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Team
        fields = ("id", "name", "kind", "member_count")


class TeamInput(serializers.Serializer[Team]):
    """What a new team needs."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Team.Kind.choices, default=Team.Kind.INTERNAL)


class MemberInput(serializers.Serializer[Team]):
    """Who joins, and as what."""

    user_id = serializers.IntegerField()
    lead = serializers.BooleanField(default=False)


def refuse_others(asking: User) -> None:
    """Only the portal's workforce managers change what is known of people.

    Raises:
        Refused: If the person is none of them.
    """
    if not steers_everything(asking):
        raise Refused("Only workforce managers may do that; ask one of them.")


class People(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[User]):
    """Who works, as far as I may know; at least myself."""

    queryset = User.objects.none()
    serializer_class = WorkerOutput
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[User]:
        """Only those."""
        return roster(people_seen_by(person(self.request))).order_by("display_name", "email", "pk")

    @extend_schema(request=AvailabilityInput, responses=WorkerOutput)
    @action(detail=True, methods=["put"])
    def availability(self, request: Request, pk: str) -> Response:
        """Say how much of a person there is: of oneself, or as a manager of anyone."""
        worker = self.get_object()
        if worker != person(request):
            refuse_others(person(request))
        sent = AvailabilityInput(data=request.data)
        sent.is_valid(raise_exception=True)
        set_availability(worker, **sent.validated_data)
        return Response(WorkerOutput(self.get_object()).data)

    @extend_schema(request=QualifyInput, responses=WorkerOutput)
    @action(detail=True, methods=["post"])
    def qualify(self, request: Request, pk: str) -> Response:
        """Let a person label, or review, some modalities."""
        worker = self.get_object()
        refuse_others(person(request))
        sent = QualifyInput(data=request.data)
        sent.is_valid(raise_exception=True)
        qualify(worker, by=person(request), **sent.validated_data)
        return Response(WorkerOutput(self.get_object()).data)

    @extend_schema(request=DisqualifyInput, responses=WorkerOutput)
    @action(detail=True, methods=["post"])
    def disqualify(self, request: Request, pk: str) -> Response:
        """Take qualifications back."""
        worker = self.get_object()
        refuse_others(person(request))
        sent = DisqualifyInput(data=request.data)
        sent.is_valid(raise_exception=True)
        disqualify(worker, **sent.validated_data)
        return Response(WorkerOutput(self.get_object()).data)


class Teams(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Team]):
    """Teams: all for workforce managers, mine for others."""

    queryset = Team.objects.none()
    serializer_class = TeamOutput
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Team]:
        """Only those."""
        return teams_seen_by(person(self.request))

    @extend_schema(request=TeamInput, responses={201: TeamOutput})
    def create(self, request: Request) -> Response:
        """Begin a team."""
        refuse_others(person(request))
        sent = TeamInput(data=request.data)
        sent.is_valid(raise_exception=True)
        team = create_team(sent.validated_data["name"], kind=sent.validated_data["kind"])
        shown = self.get_queryset().get(pk=team.pk)
        return Response(TeamOutput(shown).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MemberInput, responses=WorkerOutput)
    @action(detail=True, methods=["post"])
    def members(self, request: Request, pk: str) -> Response:
        """Put a person into the team."""
        team = self.get_object()
        refuse_others(person(request))
        sent = MemberInput(data=request.data)
        sent.is_valid(raise_exception=True)
        worker = self._person(sent.validated_data["user_id"])
        join_team(worker, team=team, lead=sent.validated_data["lead"])
        shown = roster(people_seen_by(person(request))).get(pk=worker.pk)
        return Response(WorkerOutput(shown).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"members/(?P<user_id>\d+)")
    def member(self, request: Request, pk: str, user_id: str) -> Response:
        """Take a person out of the team."""
        team = self.get_object()
        refuse_others(person(request))
        leave_team(self._person(int(user_id)), team=team)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _person(self, user_id: int) -> User:
        worker = people_seen_by(person(self.request)).filter(pk=user_id).first()
        if worker is None:
            raise NotFound("There is no such person, or they are not yours to see.")
        return worker
