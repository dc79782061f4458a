"""Deliveries: the list of a project's, one with its evidence and its archive, and making a new one."""

import json
import zipfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import PortalError
from apps.core.jobs import enqueue_run
from apps.deliveries.formats.registry import FORMATS
from apps.deliveries.models import Delivery
from apps.deliveries.selectors import deliverable_scenes, visible_to
from apps.deliveries.services import cancel_delivery, open_delivery
from apps.portal.asking import cut, project_seen_by, visitor
from apps.portal.views.projects import frame_of
from apps.scenes.links import asset_link, link_expiry
from apps.scenes.media import asset_name

Json = dict[str, Any]


@login_required
@require_safe
def delivery_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What was handed over, for those who take it, and the form of those who make it."""
    person = visitor(request)
    project = project_seen_by(person, slug, holding="order_project")
    rows = project.deliveries.select_related("archive", "created_by", "job").annotate(
        scene_count=Count("scenes")
    )
    context = frame_of(person, project, tab="deliveries") | {
        "page": cut(request, rows.order_by("-number")),
        "formats": FORMATS.values(),
        "deliverable": deliverable_scenes(project).count(),
    }
    return render(request, "portal/deliveries/list.html", context)


@login_required
@require_safe
def delivery_page(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery: its archive, what it holds, what each format lost, and what was still open."""
    person = visitor(request)
    delivery = _seen(request, delivery_id)
    context = frame_of(person, delivery.project, tab="deliveries") | {
        "delivery": delivery,
        "manifest": json.loads(delivery.manifest_text) if delivery.manifest_text else {},
        "losses": _losses(delivery),
        "archive_url": _archive_url(delivery),
        "labels": {key: found.label for key, found in FORMATS.items()},
    }
    return render(request, "portal/deliveries/detail.html", context)


@login_required
@require_POST
def make_delivery(request: HttpRequest, slug: str) -> HttpResponse:
    """Pack all accepted scenes."""
    person = visitor(request)
    project = project_seen_by(person, slug, holding="manage_project")
    try:
        delivery = open_delivery(
            project,
            by=person,
            formats=request.POST.getlist("formats"),
            note=request.POST.get("note", "").strip(),
        )
    except PortalError as error:
        messages.error(request, error.detail)
        return redirect("portal:project_deliveries", slug=project.slug)
    if delivery.job is not None:
        enqueue_run(delivery.job)
    return redirect("portal:delivery", delivery_id=delivery.pk)


@login_required
@require_POST
def stop_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Stop packing."""
    delivery = _seen(request, delivery_id)
    try:
        cancel_delivery(delivery, by=visitor(request))
    except PortalError as error:
        messages.error(request, error.detail)
    return redirect("portal:delivery", delivery_id=delivery.pk)


def _seen(request: HttpRequest, delivery_id: int) -> Delivery:
    delivery = visible_to(visitor(request)).filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404("There is no such delivery, or not for you.")
    return delivery


def _archive_url(delivery: Delivery) -> str | None:
    archive = delivery.archive
    if archive is None:
        return None
    return asset_link(archive.sha256, archive.extension, until=link_expiry())


def _losses(delivery: Delivery) -> dict[str, list[Json]]:
    """What each format could not carry, out of the archive itself."""
    archive = delivery.archive
    if archive is None:
        return {}
    with (
        default_storage.open(asset_name(archive.sha256, archive.extension)) as file,
        zipfile.ZipFile(file) as members,
    ):
        return {
            key: json.loads(members.read(f"{key}/lossiness.json"))["in_all"]
            for key in delivery.formats
        }
