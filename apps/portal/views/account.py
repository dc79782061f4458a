"""A person's own account: name, and the tokens of their programs."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import own_tokens
from apps.accounts.services import issue_token, rename, revoke_token
from apps.core.errors import PortalError
from apps.portal.asking import visitor
from apps.portal.forms import availability_form
from apps.portal.selectors.roles import ordered, roles_of


class ProfileForm(forms.Form):
    """What others see."""

    display_name = forms.CharField(
        label="Name", max_length=120, help_text="As colleagues see it beside your work."
    )


class TokenForm(forms.Form):
    """What a new token needs."""

    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="Such as “nightly export”: you will know later which one to revoke.",
    )
    days = forms.TypedChoiceField(
        label="Valid for",
        coerce=int,
        initial=90,
        choices=[(30, "30 days"), (90, "90 days"), (365, "1 year"), (0, "Until revoked")],
    )


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's name."""
    person = visitor(request)
    form = ProfileForm(request.POST or None, initial={"display_name": person.display_name})
    if request.method == "POST" and form.is_valid():
        rename(person, display_name=form.cleaned_data["display_name"])
        messages.success(request, "Your name is saved.")
        return redirect("portal:profile")
    roles = ordered(roles_of(person))
    context = {"form": form, "roles": roles, "availability_form": availability_form(person)}
    return render(request, "portal/account/profile.html", context)


@login_required
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens; a new one's secret is shown this once."""
    return render(
        request,
        "portal/account/tokens.html",
        {
            "form": TokenForm(),
            "tokens": own_tokens(visitor(request)),
            "secret": request.session.pop("new_token", ""),
            "now": timezone.now(),
        },
    )


@login_required
@require_POST
def add_token(request: HttpRequest) -> HttpResponse:
    """Issue a token."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the token a name.")
        return redirect("portal:tokens")
    days = form.cleaned_data["days"]
    expires_at = timezone.now() + timedelta(days=days) if days else None
    try:
        _, secret = issue_token(
            visitor(request), name=form.cleaned_data["name"], expires_at=expires_at
        )
    except PortalError as error:
        messages.error(request, error.detail)
    else:
        request.session["new_token"] = secret
    return redirect("portal:tokens")


@login_required
@require_POST
def drop_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a token of one's own."""
    token = get_object_or_404(own_tokens(visitor(request)), pk=token_id)
    revoke_token(token)
    messages.success(request, f"“{token.name}” is revoked; programs that use it are locked out.")
    return redirect("portal:tokens")
