"""Hashed static files with working ES-module imports, without a bundler."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import` and `export ... from` to hashed names too."""

    support_js_module_import_aggregation = True
    manifest_strict = False
