from . import examination_urls, log_urls

urlpatterns = [*examination_urls.api_urlpatterns, *log_urls.api_urlpatterns]
