"""Who works: roles, qualifications, availability; for those who staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.portal.asking import cut, kept, visitor
from apps.portal.selectors.board import steered_projects, workers_of


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone who can work in the projects that a person steers."""
    person = visitor(request)
    projects = steered_projects(person)
    if not projects.exists():
        raise Http404
    said = kept(request, "q")
    rows = workers_of(projects)
    if said["q"]:
        rows = rows.filter(display_name__icontains=said["q"])
    context = {"page": cut(request, rows), "said": said, "today": timezone.localdate()}
    return render(request, "portal/people.html", context)
