from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("language/", views.language, name="language"),
    path("script/", views.script, name="script"),
    path("theme/", views.theme, name="theme"),
    path("text-size/", views.text_size, name="text_size"),
    path("typeface/", views.typeface, name="typeface"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
    path("forget/", views.forget, name="forget"),
    path("logout/", views.logout, name="logout"),  # stands before allauth's own and answers in its place
]
