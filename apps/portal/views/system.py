"""Pages about the portal itself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.portal.icons import ICONS
from apps.portal.looks import LOOKS


@login_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The components that pages are made of, all on one page."""
    looks = {kind: list(states) for kind, states in LOOKS.items()}
    return render(request, "portal/style.html", {"icons": sorted(ICONS), "looks": looks})
