"""What a record of a model's reply says of its problem, and whose reply it is."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from tracekd.verify.reading.records import Count, Ident, Name, Seed, Texts
from tracekd.verify.reading.stated_context import CONTEXT_FIELDS, StatedContext


class StatedProblem(BaseModel):
    """The fields of a record; all are optional, and a field of another kind is ignored."""

    model_config = ConfigDict(frozen=True)
    id: Ident | None = Field(None, validation_alias=AliasChoices("custom_id", "problem_id", "id", "_id", "uuid"))
    question: str | None = Field(None, validation_alias=AliasChoices("question", "query", "problem"))
    context: StatedContext | None = Field(None, validation_alias=AliasChoices(*CONTEXT_FIELDS))
    label: Name | None = Field(None, validation_alias=AliasChoices("label", "class", "query_type", "category"))
    model: Name | None = Field(None, validation_alias=AliasChoices("student", "model", "model_name"))
    regime: Name | None = None
    seed: Seed = 0
    sample: Count | None = None
    answers: Texts | None = Field(None, validation_alias=AliasChoices("answer", "answers", "gold"))
    support: Texts | None = None
    tokens: Count | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """What these fields say."""
        known = {name: value for name, value in data.items() if value is not None}
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            wrong = {
                str(each["loc"][0]) for each in error.errors(include_url=False, include_input=False) if each["loc"]
            }
            return cls.model_validate({name: value for name, value in known.items() if name not in wrong})
