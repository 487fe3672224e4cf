"""The bank in the CMS: forms that say at once what a question still lacks, and lists by what a role may read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PublishingPanel, TabbedInterface
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.knowledge.api import Provenance
from quizzes.types.base import CompileProblem

from .commands import compile_question
from .exceptions import PictureRefused
from .models import Bank, Picture, Question, QuestionVersion, Stimulus
from .pictures import safe_copy
from .queries import banks_for, purposes_for

PUBLISHING = {"action-publish", "action-submit", "action-workflow-action"}


class BankItemPolicy(ModelPermissionPolicy):
    """The model's permission, and the right to open the bank."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Both must hold."""
        return self.user_has_permission(user, action) and instance.bank.purpose in purposes_for(user)

    def instances_user_has_any_permission_for(self, user: Any, actions: list[str]) -> QuerySet[Any]:
        """Items of the banks that the person may open."""
        rows = super().instances_user_has_any_permission_for(user, actions)
        return rows.filter(bank__purpose__in=purposes_for(user))


class BankItemForm(WagtailAdminModelForm):
    """Offers only the banks that the person may open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "bank" in self.fields:
            self.fields["bank"].queryset = banks_for(self.for_user)


class QuestionForm(BankItemForm):
    """A draft may be half-finished; what is to be published must be askable and scorable."""

    def clean(self) -> dict[str, Any]:
        """Compile as publication would, and put the reason where it belongs."""
        data = super().clean()
        if PUBLISHING.isdisjoint(self.data) or self.errors:
            return data
        draft = Question(**{name: data[name] for name in ("code", "stem", "interaction", "scoring", "picture")})
        try:
            compile_question(draft)
        except CompileProblem as problem:
            name = problem.field if problem.field in {"stem", "scoring", "picture"} else "interaction"
            self.add_error(name, problem.translated(_))
        return data


class PictureForm(BankItemForm):
    """Takes what can be shown to everybody, and stores it without what the camera wrote into it."""

    def clean_file(self) -> Any:
        """A safe copy of an upload. What a published question shows stays what candidates saw."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if self.instance.pk and QuestionVersion.objects.filter(picture=self.instance).exists():
            raise ValidationError(_("A published question shows this picture. Add the new one as another picture."))
        try:
            return safe_copy(file, file.size or 0)
        except PictureRefused as problem:
            raise ValidationError(problem.message) from problem


class _OnlyOpenBanks:
    """Choosers list what the person may open."""

    request: HttpRequest

    def get_object_list(self) -> QuerySet[Any]:
        """Items of open banks."""
        return super().get_object_list().filter(bank__purpose__in=purposes_for(self.request.user))  # type: ignore[misc]


class ChooseItemView(_OnlyOpenBanks, ChooseView):
    """The chooser's first page."""


class ChooseItemResultsView(_OnlyOpenBanks, ChooseResultsView):
    """The chooser's further pages."""


class ChosenItemsView(SnippetChosenMultipleView):
    """Several at once: their keys come in the query, past the gate that stands before one item."""

    request: HttpRequest

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """Items of open banks."""
        return super().get_objects(pks).filter(bank__purpose__in=purposes_for(self.request.user))


class BankItemChooserViewSet(SnippetChooserViewSet):
    choose_view_class = ChooseItemView
    choose_results_view_class = ChooseItemResultsView
    chosen_multiple_view_class = ChosenItemsView


class BankItemViewSet(SnippetViewSet):
    """Base of what lives in a bank."""

    chooser_viewset_class = BankItemChooserViewSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Items of the banks that the person may open."""
        return self.model.objects.filter(bank__purpose__in=purposes_for(request.user))


class QuestionViewSet(BankItemViewSet):
    model = Question
    icon = "help"
    list_display = ["code", "summary_line", "bank", "domain", "cognitive_level", "life_cycle"]
    list_filter = ["bank", "domain", "cognitive_level", "life_cycle"]
    search_fields = ["code", "stem"]
    list_per_page = 50
    inspect_view_enabled = False
    copy_view_enabled = False

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("stem"),
                    FieldPanel("picture"),
                    FieldPanel("stimulus"),
                    FieldPanel("interaction"),
                    FieldPanel("scoring"),
                    FieldPanel("rationale"),
                ],
                heading=gettext_lazy("Question"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel(n) for n in ("code", "bank", "life_cycle")], gettext_lazy("In the bank")
                    ),
                    MultiFieldPanel(
                        [FieldPanel(n) for n in ("domain", "objective", "cognitive_level", "is_vignette", "tags")],
                        gettext_lazy("In the blueprint"),
                    ),
                    FieldPanel("claims"),
                    FieldPanel("safety_notes"),
                    FieldPanel("enemies"),
                ],
                heading=gettext_lazy("Where it belongs"),
            ),
            ObjectList(
                [*(FieldPanel(name) for name in Provenance.PROVENANCE_FIELDS), PublishingPanel()],
                heading=gettext_lazy("Provenance"),
            ),
        ],
        base_form_class=QuestionForm,
    )


class StimulusViewSet(BankItemViewSet):
    model = Stimulus
    icon = "doc-full"
    list_display = ["code", "title", "bank"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("code", "title", "bank", "text")], base_form_class=BankItemForm
    )


class PictureViewSet(BankItemViewSet):
    model = Picture
    icon = "image"
    list_display = ["title", "bank"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("title", "bank", "file", "alt")], base_form_class=PictureForm
    )


class ChooseBankView(ChooseView):
    """Banks to choose from: not even the title of another is named."""

    def get_object_list(self) -> QuerySet[Any]:
        """Banks that the person may open."""
        return super().get_object_list().filter(purpose__in=purposes_for(self.request.user))


class ChooseBankResultsView(ChooseResultsView):
    """The same on further pages."""

    def get_object_list(self) -> QuerySet[Any]:
        """Banks that the person may open."""
        return super().get_object_list().filter(purpose__in=purposes_for(self.request.user))


class BankChooserViewSet(SnippetChooserViewSet):
    choose_view_class = ChooseBankView
    choose_results_view_class = ChooseBankResultsView


class BankViewSet(SnippetViewSet):
    model = Bank
    chooser_viewset_class = BankChooserViewSet
    icon = "folder-inverse"
    list_display = ["code", "title", "purpose", "is_sample"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bank]:
        """Banks that the person may open."""
        return banks_for(request.user)
