"""One sentence, two shapes: problem+json for programs, a page for people."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core.errors import Conflict, Invalid, Locked, NotFound, PortalError, Refused, TooLarge
from apps.core.middleware import ProblemPages
from apps.core.problems import flat_messages, sentence_of


def answer_to(error):
    class Raising(APIView):
        authentication_classes = []
        permission_classes = []

        def get(self, request: Request):
            raise error

    response = Raising.as_view()(APIRequestFactory().get("/"))
    return response.render()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (PortalError, 400, "refused"),
        (Conflict, 409, "conflict"),
        (Refused, 403, "forbidden"),
        (NotFound, 404, "not_found"),
        (Locked, 423, "locked"),
        (Invalid, 422, "invalid"),
        (TooLarge, 413, "too_large"),
    ],
)
def test_a_portal_error_is_a_problem_with_its_status(kind, status, code):
    response = answer_to(kind("The scene is gone.", fields={"scene": ["is gone"]}))

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.data == {
        "type": f"urn:concord:problem:{code}",
        "title": kind.title,
        "status": status,
        "detail": "The scene is gone.",
        "code": code,
        "fields": {"scene": "is gone"},
    }


def test_an_error_may_name_a_nearer_code():
    assert (
        answer_to(Locked("The lease ran out.", code="stale_lease")).data["code"] == "stale_lease"
    )


def test_what_a_conflict_carries_beside_its_sentence_is_kept():
    response = answer_to(Conflict("Saved meanwhile.", extra={"theirs": {"version": 4}}))

    assert response.data["theirs"] == {"version": 4}


def test_a_fault_of_ours_is_no_problem_document():
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.Throttled(wait=3), 429, "throttled"),
        (exceptions.ParseError(), 400, "parse_error"),
    ],
)
def test_djangos_and_drfs_own_take_the_same_shape(error, status, code):
    response = answer_to(error)

    assert (response.status_code, response.data["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.data) == {"type", "title", "status", "detail", "code", "fields"}


def test_throttled_says_when_to_come_back():
    assert answer_to(exceptions.Throttled(wait=3))["Retry-After"] == "3"


def test_nested_fields_are_named_by_their_path():
    detail = {"boxes": [{}, {"size_m": ["must be positive"]}], "non_field_errors": ["Odd."]}

    messages = flat_messages(detail)

    assert messages == {"boxes.1.size_m": "must be positive", "non_field_errors": "Odd."}
    assert sentence_of(messages) == "boxes.1.size_m: must be positive Odd."


def test_a_long_list_of_faults_stays_one_sentence():
    said = sentence_of({str(n): "Wrong." for n in range(5)})

    assert said == "0: Wrong. 1: Wrong. 2: Wrong. And 2 more fields."


def test_a_page_shows_the_same_sentence(rf: RequestFactory):
    pages = ProblemPages(lambda request: None)

    shown = pages.process_exception(rf.get("/x"), Conflict("“Harbour” was published already."))

    assert shown.status_code == 409
    assert "“Harbour” was published already." in shown.content.decode()
    assert pages.process_exception(rf.get("/x"), ZeroDivisionError()) is None
