"""Forms of the account pages. allauth's are kept as they are but for placeholders, second password fields and words."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.models import Digest, User, time_zones
from accounts.names import normal_name, validate_visible

PASSWORD_HELP = _("At least 10 characters. Three or four words that do not belong together are easy to remember.")
AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class Plain(forms.Form):
    """Labels stand above the fields, so no placeholders; a password is typed once."""

    labels = {
        "email": _("E-mail address"),
        "oldpassword": _("Current password"),
        "code": _("Code"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name == "password1":
                field.help_text = PASSWORD_HELP
            elif name in ("password", "oldpassword"):
                field.help_text = ""


class LoginForm(Plain, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "maxlength": 254}
        self.fields["login"].validators.append(MaxLengthValidator(254))  # SQLite refuses long LIKE patterns

    def clean_login(self) -> str:
        return normal_name(self.cleaned_data["login"])


class SignupForm(Plain, account.SignupForm):  # type: ignore[misc]
    field_order = ["username", "password1", "email"]
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-zone": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "maxlength": 40}
        self.fields["username"].help_text = _("Letters of any script, digits and . + - _")
        self.fields["email"].label = _("E-mail address (not required)")
        self.fields["email"].help_text = _(
            "Used to send you a link when you have forgotten your password, and the weekly mail, which you can end."
        )

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save, or show the form again when somebody else took the name in this very moment."""
        try:
            return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            self.add_error("username", get_adapter().validation_error("username_taken"))
            return None, render(request, "account/signup.html", {"form": self}, status=422)


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    labels = Plain.labels | {"password1": _("New password")}


class SetPasswordForm(Plain, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = Plain.labels | {"password1": _("New password")}


class ReauthenticateForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AddEmailForm(Plain, account.AddEmailForm):  # type: ignore[misc]
    pass


class AuthenticateForm(Plain, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(Plain, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(Plain, BaseActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def spaced_secret(self) -> str:
        """In groups of four, to be typed; apps ignore the spaces."""
        return " ".join(wrap(self.secret, 4))


def language_choices() -> list[tuple[str, Any]]:
    """The browser's choice, then each language under its own name."""
    own_names = [(code, LANG_INFO[code]["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("As the browser asks")), *own_names]


def zone_choices(current: str) -> list[tuple[str, Any]]:
    """UTC and the zone in use, then the places of the world by area."""
    groups: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for name in sorted(time_zones()):
        area, _slash, place = name.partition("/")
        if place and area in groups:
            groups[area].append((name, place.replace("_", " ").replace("/", " / ")))
    listed = {name for places in groups.values() for name, _place in places}
    alone = [name for name in dict.fromkeys(["UTC", current]) if name not in listed]
    return [(name, name) for name in alone] + [(area, places) for area, places in groups.items() if places]


class LanguageSelect(forms.Select):
    """Names each language in that language, and says so to speech."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            start, _dash, end = str(value).partition("-")
            option["attrs"]["lang"] = f"{start}-{end.title()}" if end else start
        return option


class NameField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return normal_name(super().to_python(value) or "")


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    display_name = NameField(
        label=_("Name shown to others"),
        max_length=80,
        required=False,
        help_text=_("Empty: your user name is shown."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(label=_("Language of the pages"), required=False, widget=LanguageSelect)
    script = forms.ChoiceField(
        label=_("Script of the text"),
        choices=[("", _("As the language of the pages")), *User.Script.choices],
        required=False,
        help_text=_("Documents are shown in the script you choose. You may answer in either."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Your day of study begins at four in the morning."))

    class Meta:
        model = User
        fields = (
            "display_name",
            "language",
            "script",
            "text_size",
            "typeface",
            "theme",
            "time_zone",
            "items_per_day",
            "has_single_keys",
        )
        labels = {
            "theme": _("Light or dark"),
            "text_size": _("Size of the text"),
            "typeface": _("Typeface of the text"),
            "items_per_day": _("Questions a day"),
            "has_single_keys": _("Single keys choose answers while a question has the focus"),
        }
        help_texts = {"items_per_day": _("From 5 to 60. Reviews beyond this number wait for the next day.")}
        widgets = {"items_per_day": forms.NumberInput(attrs={"min": 5, "max": 60})}
        error_messages = {
            "items_per_day": dict.fromkeys(("min_value", "max_value"), _("Choose from 5 to 60 questions."))
        }

    def __init__(self, *args: Any, has_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        if not has_name:
            del self.fields["display_name"]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zone_choices(self.instance.time_zone)  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """What a new token is for, and how long it is good."""

    label = NameField(
        label=_("What it is for"),
        max_length=80,
        validators=[validate_visible],
        help_text=_("So that you know it again, for example the name of the program."),
    )
    days = forms.TypedChoiceField(
        label=_("How long it works"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})


class DigestForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which parts of the weekly mail a person wants."""

    class Meta:
        model = Digest
        fields = ("about_classes", "about_learning")
        labels = {
            "about_classes": _("About the classes that I teach: who needs help, what is least known, what is due"),
            "about_learning": _("About my own learning: what comes back this week, and what is due"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})


class DeleteForm(forms.Form):
    """The password once more, for whoever has one."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password
