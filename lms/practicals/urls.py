from . import examination_urls, log_urls

app_name = "practicals"
urlpatterns = [*examination_urls.urlpatterns, *log_urls.urlpatterns]
