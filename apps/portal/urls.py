"""Addresses of the pages."""

from django.urls import path

from apps.portal.views import (
    account,
    deliveries,
    home,
    imports,
    orders,
    people,
    projects,
    scenes,
    system,
    tasks,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("home/<slug:role>/", home.home, name="home_as"),
    path("account/", account.profile, name="profile"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/add/", account.add_token, name="add_token"),
    path("account/tokens/<int:token_id>/revoke/", account.drop_token, name="drop_token"),
    path("orders/new/", orders.order, name="order"),
    path("orders/new/<slug:step>/", orders.order_step, name="order_step"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<slug:slug>/", projects.overview, name="project"),
    path("projects/<slug:slug>/state/", projects.move_project, name="move_project"),
    path("projects/<slug:slug>/scenes/", projects.scenes, name="scenes"),
    path("projects/<slug:slug>/guideline/", projects.guideline, name="guideline"),
    path("projects/<slug:slug>/people/", projects.people, name="project_people"),
    path("projects/<slug:slug>/findings/", projects.findings, name="findings"),
    path("projects/<slug:slug>/deliveries/", deliveries.delivery_list, name="project_deliveries"),
    path("projects/<slug:slug>/deliveries/new/", deliveries.make_delivery, name="make_delivery"),
    path("deliveries/<int:delivery_id>/", deliveries.delivery_page, name="delivery"),
    path("deliveries/<int:delivery_id>/stop/", deliveries.stop_delivery, name="stop_delivery"),
    path("projects/<slug:slug>/recordings/", imports.import_list, name="imports"),
    path("projects/<slug:slug>/upload/", imports.upload, name="upload"),
    path("imports/<int:import_id>/", imports.import_page, name="import"),
    path("imports/<int:import_id>/cancel/", imports.cancel, name="cancel_import"),
    path("imports/<int:import_id>/retry/", imports.retry, name="retry_import"),
    path("scenes/<int:scene_id>/", scenes.scene_page, name="scene"),
    path("scenes/<int:scene_id>/journal/", scenes.journal, name="journal"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/change/", tasks.change_tasks, name="change_tasks"),
    path("tasks/next/<slug:kind>/", tasks.next_task, name="next_task"),
    path("tasks/<int:task_id>/", tasks.task_page, name="task"),
    path("tasks/<int:task_id>/take/", tasks.take, name="take"),
    path("tasks/<int:task_id>/work/", tasks.work, name="work"),
    path("history/", tasks.history, name="history"),
    path("people/", people.people, name="people"),
    path("style/", system.style, name="style"),
]
