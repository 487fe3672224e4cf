"""The kernel has no tables. Django sends `post_migrate` only to apps with this module, and the guards need it."""
