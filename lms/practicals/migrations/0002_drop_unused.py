from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practicals", "0001_initial")]

    operations = [
        migrations.DeleteModel(name=name)
        for name in (
            "CriterionJudgement",
            "SignOffWithdrawal",
            "SignOff",
            "SupervisedSessionDecision",
            "SupervisedSession",
            "Station",
            "CompetencyVersion",
            "Criterion",
            "Competency",
        )
    ]
