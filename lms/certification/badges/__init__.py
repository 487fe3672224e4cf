"""Certificates as Open Badges 3.0: facts in, signed documents and pictures out. No database, no clock, no network."""
