"""Placeholder until written."""


def certificate_pdf(certificate, *, verify_url):
    raise NotImplementedError
