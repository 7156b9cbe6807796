from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class ReadCount(models.Model):
    """How often an article was read in one hour; of the readers nothing is known.

    Written in batches by ``mostread.batches`` alone.
    """

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="read_counts",
        verbose_name=_("article"),
    )
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("reads"))

    class Meta:
        default_permissions = ()
        verbose_name = _("reads in an hour")
        verbose_name_plural = _("reads in an hour")
        constraints = (
            models.UniqueConstraint(fields=["article", "hour"], name="one_read_count_an_hour"),
        )
        # Holds all that a ranking reads.
        indexes = (models.Index(fields=["hour", "article", "count"], name="reads_of_a_window"),)

    def __str__(self) -> str:
        return f"{self.article_id}, {self.hour:%Y-%m-%d %H}h: {self.count}"
