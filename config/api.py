"""The API's table of contents: every viewset on one router."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from apps.accounts.api import AccessTokens, Me
from apps.clients.api import Clients
from apps.deliveries.api import Deliveries
from apps.guidelines.api import Guidelines, GuidelineTemplates
from apps.operations.api.documents import Findings, TaskDocuments
from apps.operations.api.imports import Imports
from apps.operations.api.manifests import SceneManifest
from apps.operations.api.projects import Projects
from apps.operations.api.tasks import Tasks
from apps.scenes.api.scenes import Captures, Scenes
from apps.scenes.api.uploads import OneUpload, Uploads
from apps.workforce.api import People, Teams

app_name = "api"

router = SimpleRouter()
router.register("access-tokens", AccessTokens, basename="access-token")
router.register("clients", Clients, basename="client")
router.register("projects", Projects, basename="project")
router.register("guidelines", Guidelines, basename="guideline")
router.register("guideline-templates", GuidelineTemplates, basename="guideline-template")
router.register("people", People, basename="person")
router.register("teams", Teams, basename="team")
router.register("tasks", Tasks, basename="task")
router.register("scenes", Scenes, basename="scene")
router.register("captures", Captures, basename="capture")
router.register("imports", Imports, basename="import")
router.register("tasks", TaskDocuments, basename="task-document")
router.register("findings", Findings, basename="finding")
router.register("deliveries", Deliveries, basename="delivery")

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("scenes/<int:scene_id>/manifest/", SceneManifest.as_view(), name="scene-manifest"),
    path("uploads/", Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>/", OneUpload.as_view(), name="upload"),
    path("", include(router.urls)),
]
