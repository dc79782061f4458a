"""Forms that more than one page shows."""

from django import forms

from apps.accounts.models import User


class AvailabilityForm(forms.Form):
    """How much of a person there is for work."""

    hours_per_week = forms.FloatField(label="Hours a week", min_value=0, max_value=168)
    time_zone = forms.CharField(
        label="Time zone", max_length=60, help_text="Such as Europe/Berlin."
    )
    away_until = forms.DateField(
        label="Away until (may be empty)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def availability_form(person: User) -> AvailabilityForm:
    """The form with what is known of a person."""
    held = getattr(person, "availability", None)
    return AvailabilityForm(
        initial={
            "hours_per_week": held.hours_per_week if held else 40,
            "time_zone": held.time_zone if held else "UTC",
            "away_until": held.away_until if held else None,
        }
    )
