"""Django finds an app's tables through this one module, so it names them all."""

from apps.operations.models.pipeline import Contribution, SceneProgress, Stage
from apps.operations.models.task import Draft, Task, TaskEvent

__all__ = ["Contribution", "Draft", "SceneProgress", "Stage", "Task", "TaskEvent"]
