"""Tasks: the list that managers assign from, one task's history, taking work, the workspace's shell."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.core.errors import PortalError
from apps.operations.models import Task
from apps.operations.rules import (
    holds_lease,
    is_kept_for_another,
    may_manage,
    may_work_on,
)
from apps.operations.selectors.tasks import (
    history_of,
    readable_tasks,
    visible_tasks,
    with_names,
)
from apps.operations.services.leasing import claim, claim_next
from apps.operations.services.staffing import bulk_assign, reprioritise
from apps.portal.asking import cut, kept, visitor
from apps.portal.selectors.board import steered_projects, workers_of
from apps.portal.selectors.tasks import (
    TaskFilter,
    managed_tasks,
    own_history,
    with_findings,
)

FREE = "queue"


@login_required
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """Tasks of the projects that a person steers, to assign and to put in order."""
    person = visitor(request)
    projects = steered_projects(person)
    if not projects.exists():
        raise Http404
    said = TaskFilter(**kept(request, "project", "kind", "state", "who", "text"))
    rows = with_findings(said.narrow(managed_tasks(person)))
    page = cut(request, rows.order_by("-priority", "due_on", "pk"), size=50)
    context = {
        "page": page,
        "said": said,
        "projects": projects,
        "people": workers_of(projects),
        "kinds": Task.Kind.choices,
    }
    return render(request, "portal/tasks/list.html", context)


class BulkForm(forms.Form):
    """What to do with the chosen tasks."""

    task = forms.TypedMultipleChoiceField(coerce=int)
    do = forms.ChoiceField(choices=[("assign", "assign"), ("priority", "priority")])
    to = forms.CharField(required=False)
    priority = forms.IntegerField(required=False)

    def __init__(self, *args: object, chosen: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # the form's own arguments
        # Whether they may be changed is asked of the database; here they need only be numbers.
        self.fields["task"].choices = [(key, key) for key in chosen if key.isdecimal()]  # type: ignore[attr-defined]  # a choice field


@login_required
@require_POST
def change_tasks(request: HttpRequest) -> HttpResponse:
    """Assign the chosen tasks to a person or to the queue, or set their priority."""
    person = visitor(request)
    form = BulkForm(request.POST, chosen=request.POST.getlist("task"))
    back = _back(request)
    if not form.is_valid():
        messages.error(request, "Choose at least one task, and what to do with it.")
        return back
    said = form.cleaned_data
    tasks = list(managed_tasks(person).filter(pk__in=said["task"]))
    if len(tasks) != len(set(said["task"])):
        raise Http404
    try:
        done = _change(tasks, said=said, by=person)
    except PortalError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, done)
    return back


def _change(tasks: list[Task], *, said: dict[str, str], by: User) -> str:
    number = f"{len(tasks)} task{'s' if len(tasks) > 1 else ''}"
    if said["do"] == "priority":
        priority = int(said["priority"] or 0)
        reprioritise(tasks, priority=priority, by=by)
        return f"{number} set to priority {priority}."
    if said["to"] == FREE:
        bulk_assign(tasks, to=None, by=by)
        return f"{number} given to the queue: whoever is free and qualified gets them."
    to = get_object_or_404(User, pk=said["to"] if said["to"].isdecimal() else 0, is_active=True)
    bulk_assign(tasks, to=to, by=by)
    return f"{number} kept for {to.name}."


def _back(request: HttpRequest) -> HttpResponseRedirect:
    where = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(where if safe else reverse("portal:tasks"))


@login_required
@require_safe
def task_page(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: where it stands and all that happened to it."""
    person = visitor(request)
    task = get_object_or_404(with_findings(visible_tasks(person)), pk=task_id)
    manages = may_manage(person, task.project)
    context = {
        "task": task,
        "events": history_of(task),
        "siblings": with_names(visible_tasks(person).filter(scene=task.scene_id)).order_by("pk"),
        "manages": manages,
        "holds": holds_lease(person, task),
        "may_take": task.state == Task.State.OPEN
        and not is_kept_for_another(person, task)
        and may_work_on(person, task),
        "people": workers_of(steered_projects(person).filter(pk=task.project_id))
        if manages
        else [],
    }
    return render(request, "portal/tasks/detail.html", context)


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Everything that one handed in or judged oneself."""
    page = cut(request, own_history(visitor(request)))
    return render(request, "portal/tasks/history.html", {"page": page})


@login_required
@require_POST
def next_task(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the task that waits first for this person, and open it."""
    if kind not in Task.Kind.values:
        raise Http404
    task = claim_next(visitor(request), kind=kind)
    if task is None:
        messages.info(request, "Somebody was quicker: there is no task for you at the moment.")
        return redirect("portal:home")
    return redirect("portal:work", task.pk)


@login_required
@require_POST
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take this very task, and open it."""
    person = visitor(request)
    task = get_object_or_404(visible_tasks(person), pk=task_id)
    try:
        claim(task, by=person)
    except PortalError as error:
        messages.error(request, error.detail)
        return redirect("portal:task", task.pk)
    return redirect("portal:work", task.pk)


@login_required
@require_safe
def work(request: HttpRequest, task_id: int) -> HttpResponse:
    """The workspace's shell: to work under a lease, or to look at it."""
    person = visitor(request)
    task = get_object_or_404(with_names(readable_tasks(person)), pk=task_id)
    holds = holds_lease(person, task)
    if not holds and "view" not in request.GET and task.state == Task.State.OPEN:
        # Nobody works without a lease; the task's page offers to take it.
        return redirect("portal:task", task.pk)
    mode = task.kind if holds else "view"
    return render(request, "operations/workspace.html", {"task": task, "mode": mode})
