"""How the admin looks, and what stands in its sidebar."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _mark(_request: HttpRequest) -> str:
    return static("portal/mark.svg")


def _may_see(request: HttpRequest, *, table: str) -> bool:
    app, _, model = table.partition("_")
    return request.user.has_perm(f"{app}.view_{model}")


def _group(title: str, *links: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "title": title,
        "separator": True,
        "collapsible": False,
        "items": [
            {
                "title": word,
                "icon": icon,
                "link": reverse_lazy(f"admin:{table}_changelist"),
                "permission": partial(_may_see, table=table),
            }
            for word, icon, table in links
        ],
    }


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Concord",
    "SITE_HEADER": "Concord",
    "SITE_SUBHEADER": "Administration",
    "SITE_ICON": _mark,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _mark}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "apps.operations.admin_dashboard.with_overview",
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .015 205)",
            "100": "oklch(94.5% .035 205)",
            "200": "oklch(89% .065 205)",
            "300": "oklch(82% .095 205)",
            "400": "oklch(72% .11 205)",
            "500": "oklch(62% .105 208)",
            "600": "oklch(53% .095 210)",
            "700": "oklch(46% .08 212)",
            "800": "oklch(39% .065 214)",
            "900": "oklch(34% .052 216)",
            "950": "oklch(25% .04 216)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": [
            {
                "items": [
                    {
                        "title": "Overview",
                        "icon": "dashboard",
                        "link": reverse_lazy("admin:index"),
                    }
                ]
            },
            _group(
                "Orders",
                ("Clients", "domain", "clients_client"),
                ("Projects", "folder_open", "projects_project"),
                ("Guidelines", "rule", "guidelines_guidelineversion"),
                ("Deliveries", "local_shipping", "deliveries_delivery"),
            ),
            _group(
                "Work",
                ("Tasks", "assignment", "operations_task"),
                ("Scene progress", "moving", "operations_sceneprogress"),
                ("Pipeline stages", "account_tree", "operations_stage"),
                ("History", "history", "operations_taskevent"),
                ("Late edits", "inventory_2", "operations_draft"),
            ),
            _group(
                "Quality",
                ("Findings", "troubleshoot", "quality_finding"),
                ("Residuals", "straighten", "quality_residual"),
                ("Labelled objects", "deployed_code", "annotation_labelledobject"),
                ("Journal", "receipt_long", "annotation_changeset"),
            ),
            _group(
                "Recordings",
                ("Imports", "upload_file", "scenes_recordingimport"),
                ("Scenes", "movie", "scenes_scene"),
                ("Sensors", "sensors", "scenes_sensor"),
                ("Calibrations", "center_focus_strong", "scenes_calibration"),
                ("Files", "folder_zip", "scenes_asset"),
            ),
            _group(
                "People",
                ("People", "person", "accounts_user"),
                ("Groups", "groups", "auth_group"),
                ("Teams", "diversity_3", "workforce_team"),
                ("Qualifications", "school", "workforce_qualification"),
                ("Availability", "event_available", "workforce_availability"),
                ("Access tokens", "key", "accounts_accesstoken"),
            ),
            _group("System", ("Background runs", "memory", "core_jobrun")),
        ],
    },
}
