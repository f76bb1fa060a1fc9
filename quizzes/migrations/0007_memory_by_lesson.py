import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0001_initial"),
        ("quizzes", "0006_runs_by_their_beginning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LessonMemory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.BinaryField(verbose_name="what is remembered of each fact")),
                (
                    "learner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lesson_memory",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memory", to="curriculum.lesson"
                    ),
                ),
            ],
            options={
                "ordering": ["learner", "lesson"],
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "lesson"), name="one_memory_per_lesson"),
                ],
            },
        ),
        migrations.AddField(
            model_name="memorystate",
            name="is_packed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="is in the packed copy as it is here"),
        ),
        migrations.AddIndex(
            model_name="memorystate",
            index=models.Index(
                condition=models.Q(("is_packed", False)), fields=["learner"], name="memory_not_packed"
            ),
        ),
    ]
