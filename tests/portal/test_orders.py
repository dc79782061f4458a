"""The intake form, step by step."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.clients.access import clients_with
from apps.guidelines.selectors import document_of, required_version
from apps.portal.words import clean_sample_size
from apps.projects.models import Project
from tests.factories.accounts import make_person
from tests.factories.clients import make_client, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> User:
    return make_customer(make_client("Northway"), "clara")


def step(name: str) -> str:
    return reverse("portal:order_step", args=[name])


def answers(customer_client: int) -> list[tuple[str, dict[str, object]]]:
    return [
        (
            "what",
            {"client": customer_client, "name": "Crossings", "modalities": ["lidar", "camera"]},
        ),
        (
            "rules",
            {
                "template_key": "driving",
                "class_keys": ["car", "truck"],
                "instructions": "Trams too.",
            },
        ),
        ("quality", {"max_error_rate": "0.01", "confidence": "0.95"}),
        ("date", {"due_on": (timezone.localdate() + timedelta(days=30)).isoformat()}),
    ]


def test_an_order_becomes_a_project_with_its_guideline(customer: User) -> None:
    browser = Browser()
    browser.force_login(customer)
    client_id = make_client_id(customer)
    for name, said in answers(client_id):
        answer = browser.post(step(name), said)
        assert answer.status_code == 302, answer.content.decode()
    shown = browser.get(step("review")).content.decode()

    sent = browser.post(step("review"))

    project = Project.objects.get()
    classes = document_of(required_version(project)).taxonomy.classes
    assert "at least 299 objects" in shown
    assert sent.headers["Location"] == reverse("portal:upload", args=[project.slug])
    assert (project.name, project.max_error_rate, project.state) == ("Crossings", 0.01, "ordered")
    assert {one.key for one in classes} == {"car", "truck"}
    assert project.modalities == ["lidar", "camera"]


def make_client_id(customer: User) -> int:
    return clients_with(customer, "order_for_client").get().pk


def test_a_step_is_not_skipped(customer: User) -> None:
    browser = Browser()
    browser.force_login(customer)

    assert browser.get(step("review")).headers["Location"] == step("what")


def test_a_date_that_has_passed_is_refused(customer: User) -> None:
    browser = Browser()
    browser.force_login(customer)
    for name, said in answers(make_client_id(customer))[:3]:
        browser.post(step(name), said)

    answer = browser.post(step("date"), {"due_on": "2020-01-01"})

    assert "Choose a date from tomorrow on." in answer.content.decode()


def test_whoever_cannot_order_sees_no_form() -> None:
    browser = Browser()
    browser.force_login(make_person("nobody"))

    assert browser.get(reverse("portal:order")).status_code == 404
    assert browser.get(step("what")).status_code == 404


def test_another_client_cannot_be_ordered_for(customer: User) -> None:
    other = make_client("Elsewhere")
    browser = Browser()
    browser.force_login(customer)
    name, said = answers(other.pk)[0]

    answer = browser.post(step(name), said)

    assert answer.status_code == 200
    assert "order" not in browser.session


@pytest.mark.parametrize(
    ("rate", "confidence", "size"),
    [(0.02, 0.95, 149), (0.01, 0.95, 299), (0.05, 0.9, 45), (0.005, 0.99, 919)],
)
def test_a_clean_sample_shows_the_error_rate(rate: float, confidence: float, size: int) -> None:
    assert clean_sample_size(rate, confidence) == size
