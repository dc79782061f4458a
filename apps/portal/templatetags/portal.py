"""The small components of the pages: icons, chips, faces, meters, times."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_vite.templatetags.django_vite import vite_asset

from apps.accounts.models import User
from apps.guidelines.selectors import markdown_html
from apps.portal.icons import ICONS
from apps.portal.looks import MODALITY_ICONS, look
from apps.portal.navigation import rail_groups
from apps.portal.words import ago_words, count_words, due_words, percent_words, size_words

register = template.Library()

TONES = 6


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw an icon; the text beside it says what it means."""
    # Ours, from a fixed table: nothing of a person's goes in here unescaped.
    strokes = mark_safe(ICONS[name])  # noqa: S308
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        strokes,
    )


@register.simple_tag
def front(entry: str) -> SafeString:
    """Link an entry of the built front end; a checkout that has not built it goes without."""
    built = settings.VITE_DEV_SERVER or settings.FRONTEND_DIST.joinpath("manifest.json").exists()
    return SafeString(vite_asset(entry)) if built else SafeString("")


@register.filter
def styled(field: BoundField) -> SafeString:
    """Draw a form field with the portal's look, whichever form it comes from."""
    kind = getattr(field.field.widget, "input_type", "")
    classes = "" if kind in {"checkbox", "radio", "hidden"} else "input"
    return field.as_widget(attrs={"class": classes} if classes else {})


@register.simple_tag
def chip(kind: str, state: str, words: str = "") -> SafeString:
    """Show a state by icon, words and colour."""
    seen = look(kind, state)
    tone = f"chip-{seen.tone}" if seen.tone else ""
    return format_html(
        '<span class="chip {}">{}{}</span>', tone, icon(seen.icon), words or seen.words
    )


@register.simple_tag
def look_icon(kind: str, state: str) -> SafeString:
    """Draw a state's icon alone, where its words stand beside it."""
    return icon(look(kind, state).icon)


@register.simple_tag
def look_words(kind: str, state: str) -> str:
    """Say a state in words."""
    return look(kind, state).words


@register.filter
def related(thing: object, name: str) -> object:
    """A one-to-one neighbour of a row, or nothing; a plain lookup cannot be asked about."""
    return getattr(thing, name, None)


@register.filter
def at(table: Mapping[Any, Any], key: object) -> object:
    """What a table has at a key, or nothing."""
    return table.get(key)


@register.filter
def size(size_bytes: int) -> str:
    """Write a file's size."""
    return size_words(size_bytes)


@register.filter
def seconds(duration_ns: int) -> str:
    """Write a duration in seconds."""
    return f"{duration_ns / 1e9:.1f} s"


@register.filter
def vector(values_m: Sequence[float]) -> str:
    """Write a position, to the centimetre."""
    return ", ".join(f"{value_m:.2f}" for value_m in values_m)


@register.filter
def markdown(text: str) -> SafeString:
    """Write a clause's text as safe HTML."""
    return SafeString(markdown_html(text))


@register.simple_tag
def modality_icon(modality: str) -> SafeString:
    """Draw a modality."""
    return icon(MODALITY_ICONS.get(modality, "layers"))


@register.simple_tag
def face(person: User | None, classes: str = "") -> SafeString:
    """Draw a person's initials; the name stands beside it."""
    if person is None:
        return format_html('<span class="face {}" aria-hidden="true">?</span>', classes)
    words = person.name.replace(".", " ").split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return format_html(
        '<span class="face {}" data-tone="{}" aria-hidden="true">{}</span>',
        classes,
        person.pk % TONES,
        initials,
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """Say how long ago something was; the exact time stands in the tooltip."""
    if moment is None:
        return SafeString("&ndash;")
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(timespec="seconds"),
        timezone.localtime(moment).strftime("%-d %B %Y, %H:%M %Z"),
        ago_words(moment, now=timezone.now()),
    )


@register.simple_tag
def due(day: date | None, before: str = "") -> SafeString:
    """Say when something is due, in words that alarm only where they should."""
    if day is None:
        return SafeString('<span class="faint">no date</span>')
    words, late = due_words(day, today=timezone.localdate())
    return format_html(
        '<time datetime="{}" title="{}" class="{}">{}</time>',
        day.isoformat(),
        day.strftime("%-d %B %Y"),
        "is-late" if late else "",
        words if late or not before else f"{before} {words}",
    )


@register.simple_tag
def spark(numbers: Sequence[int], words: str) -> SafeString:
    """Draw one bar a day, the last one being today."""
    highest = max([*numbers, 1])
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="7" height="{}" rx="1"></rect>',
        (
            (9 * day, 18 - height, height)
            for day, height in enumerate(
                max(1, round(18 * number / highest)) for number in numbers
            )
        ),
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 18" role="img" aria-label="{}: {}">{}</svg>',
        9 * len(numbers) - 2,
        words,
        ", ".join(str(number) for number in numbers),
        bars,
    )


@register.filter
def percent(rate: float) -> str:
    """Write a rate as a percentage with as many digits as it needs."""
    return percent_words(rate)


@register.filter
def count(number: int) -> str:
    """Write a number with thin spaces between thousands."""
    return count_words(number)


@register.inclusion_tag("portal/_rail.html", takes_context=True)
def rail(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the navigation that this person's roles ask for."""
    request = context["request"]
    return {
        "groups": rail_groups(request.user, path=request.path),
        "person": request.user,
        "request": request,
    }


@register.inclusion_tag("portal/_pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Draw the way through a list that is cut into pages."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("portal/_stages.html")
def stages(counts: dict[str, int], *, legend: bool = True) -> dict[str, Any]:
    """Draw how many scenes are in which state, as one bar."""
    total = sum(counts.values())
    counts = {state: number for state, number in counts.items() if number or state != "waiting"}
    at, parts = 0.0, []
    for state, number in counts.items():
        width = 100 * number / total if total else 0.0
        parts.append(
            {
                "state": state,
                "words": look("scene", state).words,
                "number": number,
                "x": f"{at:.3f}",
                "width": f"{width:.3f}",
            }
        )
        at += width
    return {"parts": parts, "total": total, "legend": legend}
