"""Note when a gesture was made and in which browser tab."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0003_initial")]

    operations = [
        migrations.AddField(
            "changeset",
            "made_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("changeset", "session", models.UUIDField(blank=True, null=True)),
    ]
