from django.urls import path

from accounts import mail_views, token_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("language/", views.language, name="language"),
    path("script/", views.script, name="script"),
    path("theme/", views.theme, name="theme"),
    path("text-size/", views.text_size, name="text_size"),
    path("typeface/", views.typeface, name="typeface"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:token_id>/renew/", token_views.token_renew, name="token_renew"),
    path("tokens/<int:token_id>/delete/", token_views.token_delete, name="token_delete"),
    path("mail/", mail_views.digest, name="digest"),
    path("mail/<str:token>/", mail_views.unsubscribe_page, name="unsubscribe"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
    path("forget/", views.forget, name="forget"),
    path("logout/", views.logout, name="logout"),  # stands before allauth's own and answers in its place
]
