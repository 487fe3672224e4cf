"""Kinds of question: what is shown, what is known, and how an answer is judged. Pure Python without Django.

Find a type with `registry.get(slug)`; the words of the contract are in `base`.
"""
