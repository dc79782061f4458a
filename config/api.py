"""The API's table of contents: every viewset on one router."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from apps.accounts.api import AccessTokens, Me

app_name = "api"

router = SimpleRouter()
router.register("access-tokens", AccessTokens, basename="access-token")

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
]
