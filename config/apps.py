from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Settings"

    def ready(self) -> None:
        from config import checks, journal  # noqa: F401, PLC0415 - registering checks and receivers is what ready() is for
