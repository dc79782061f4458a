"""What a guideline version says to machines: classes, attributes, check settings, policy."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    JsonValue,
    ValidationError,
    model_validator,
)

from apps.core.errors import Invalid
from apps.guidelines.fields import (
    Color,
    Key,
    Label,
    Limit,
    Size,
    ends_in_a_circle,
    refuse_twice,
    refuse_unknown,
)
from numerics.checks.limits import ClassLimits, limits_of, params_of

Scope = Literal["object", "frame", "sensor"]
Severity = Literal["info", "warning", "error"]
Shape = Literal["cuboid", "box"]


class _Strict(BaseModel):
    """Unknown members are a mistake, not to be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelClass(_Strict):
    """A kind of thing; one without shapes is a heading, and nothing is drawn as it.

    Attributes:
        limits: Fields of `numerics.checks.ClassLimits` where this class differs from the
            defaults; lengths in metres, speeds in m/s, yaw rates in rad/s, ratios without unit.
    """

    key: Key
    label: Label
    color: Color
    parent: Key | None = None
    shapes: tuple[Shape, ...] = ("cuboid", "box")
    rigid: bool = True
    grounded: bool = True
    default_size_m: Size
    confusable_with: tuple[Key, ...] = ()
    limits: dict[Key, Limit] = Field(default_factory=dict)


class AttributeOption(_Strict):
    """One value of an enumerated attribute."""

    key: Key
    label: Label


class AttributeDefinition(_Strict):
    """A question about an object: once, at each time, or in each sensor at each time."""

    key: Key
    label: Label
    scope: Scope
    type: Literal["enum", "bool", "number", "text"]
    options: tuple[AttributeOption, ...] = ()
    required: bool = False
    default: JsonValue = None
    classes: tuple[Key, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether a value is one of this attribute's; None is no answer, and always accepted."""
        if value is None:
            return True
        match self.type:
            case "enum":
                return value in {option.key for option in self.options}
            case "bool":
                return isinstance(value, bool)
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool)
            case "text":
                return isinstance(value, str)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.type == "enum") != bool(self.options):
            raise ValueError(f"“{self.key}” needs options exactly if its type is enum")
        refuse_twice((option.key for option in self.options), f"the options of “{self.key}”")
        if not self.accepts(self.default):
            raise ValueError(f"the default of “{self.key}” is not one of its values")
        return self


class CheckSetting(_Strict):
    """How one check is used in this project."""

    enabled: bool = True
    blocks: tuple[Severity, ...] = ()
    clause: str = Field(default="", max_length=20)
    params: dict[Key, FiniteFloat] = Field(default_factory=dict)


class ImportedName(_Strict):
    """What another format's class is here: a class, and attribute values that go with it."""

    class_key: Key
    attributes: dict[Key, JsonValue] = Field(default_factory=dict)


class Policy(_Strict):
    """What counts as right where projects differ.

    Attributes:
        mirrors_included: Whether a vehicle's cuboid holds its mirrors.
        boxes_cover: Whether a 2D box covers the whole object, or only what is visible of it.
        smallest_box_px: Sides below which an object in an image needs no box.
        farthest_m: Distance from the ego vehicle beyond which nothing needs a label.
        import_aliases: Per format, other names of classes; the first of several wins on export.
    """

    mirrors_included: bool = False
    boxes_cover: Literal["whole", "visible"] = "whole"
    smallest_box_px: Annotated[FiniteFloat, Field(ge=0)] = 20
    farthest_m: Annotated[FiniteFloat, Field(gt=0)] = 80
    import_aliases: dict[Key, dict[str, ImportedName]] = Field(default_factory=dict)


class Taxonomy(_Strict):
    """The classes, and the questions asked about their objects."""

    classes: tuple[LabelClass, ...] = Field(min_length=1)
    attributes: tuple[AttributeDefinition, ...] = ()

    @model_validator(mode="after")
    def _names_arerefuse_unknown(self) -> Self:
        refuse_twice((label_class.key for label_class in self.classes), "the classes")
        refuse_twice((attribute.key for attribute in self.attributes), "the attributes")
        parents = {label_class.key: label_class.parent for label_class in self.classes}
        for label_class in self.classes:
            named = [*label_class.confusable_with, label_class.parent or label_class.key]
            refuse_unknown(named, parents, f"the class “{label_class.key}”")
            if ends_in_a_circle(label_class.key, parents):
                raise ValueError(f"the class “{label_class.key}” is its own ancestor")
        for attribute in self.attributes:
            refuse_unknown(attribute.classes, parents, f"the attribute “{attribute.key}”")
        return self


class GuidelineDocument(_Strict):
    """The machine-readable part of a guideline version; the wire's `GuidelineDocument`."""

    taxonomy: Taxonomy
    checks: dict[str, CheckSetting] = Field(default_factory=dict)
    policy: Policy = Field(default_factory=Policy)

    def class_named(self, key: str) -> LabelClass | None:
        """The class of this key, or nothing."""
        return next((one for one in self.taxonomy.classes if one.key == key), None)

    def is_a(self, key: str, ancestor: str) -> bool:
        """Whether a class is another, or stands below it."""
        return ancestor in self._line_of(key)

    def attributes_for(
        self, class_key: str, scope: Scope | None = None
    ) -> tuple[AttributeDefinition, ...]:
        """Attributes asked about a class (or one of its ancestors), of one scope or of all."""
        line = set(self._line_of(class_key))
        return tuple(
            attribute
            for attribute in self.taxonomy.attributes
            if (scope is None or attribute.scope == scope)
            and (not attribute.classes or line & set(attribute.classes))
        )

    def limits_for(self, class_key: str) -> ClassLimits:
        """What is usual for a class here: its own numbers over the defaults of its line.

        Raises:
            ValueError: If a number fits no field.
        """
        own = self.class_named(class_key)
        return limits_of(self._line_of(class_key), {} if own is None else own.limits)

    def named_by(self, format_key: str, name: str) -> ImportedName | None:
        """What another format's class name is here; our own keys are always known."""
        alias = self.policy.import_aliases.get(format_key, {}).get(name)
        if alias is None and self.class_named(name) is not None:
            return ImportedName(class_key=name)
        return alias

    def _line_of(self, key: str) -> list[str]:
        line: list[str] = []
        found = self.class_named(key)
        while found is not None:
            line.append(found.key)
            found = None if found.parent is None else self.class_named(found.parent)
        return line

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        for check, setting in self.checks.items():
            params_of(check, setting.params)
        for label_class in self.taxonomy.classes:
            try:
                self.limits_for(label_class.key)
            except ValueError as error:
                raise ValueError(f"the class “{label_class.key}”: {error}") from error
        for format_key, names in self.policy.import_aliases.items():
            for name, alias in names.items():
                self._meets(alias, f"the {format_key} name “{name}”")
        return self

    def _meets(self, alias: ImportedName, who: str) -> None:
        if self.class_named(alias.class_key) is None:
            raise ValueError(f"{who} stands for “{alias.class_key}”, which is no class here")
        asked = {one.key: one for one in self.attributes_for(alias.class_key, "object")}
        for key, value in alias.attributes.items():
            if key not in asked or not asked[key].accepts(value):
                raise ValueError(
                    f"{who} sets “{key}” to {value!r}, which “{alias.class_key}” does not take"
                )


def parse(document: object) -> GuidelineDocument:
    """Read a guideline document.

    Raises:
        Invalid: If it is wrong; `fields` says what is wrong where, in words.
    """
    try:
        return GuidelineDocument.model_validate(document)
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for fault in error.errors(include_url=False):
            fields.setdefault(_place(fault["loc"]), []).append(_said(fault))
        place, messages = next(iter(fields.items()))
        more = f" (and {len(fields) - 1} more places)" if len(fields) > 1 else ""
        raise Invalid(
            f"The guideline is not valid: {place}: {messages[0]}{more}.", fields=fields
        ) from error


def dumped(document: GuidelineDocument) -> dict[str, Any]:
    """Write a document as JSON holds it."""
    return document.model_dump(mode="json")


def _place(location: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".") or "document"


def _said(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "missing":
        return "is missing"
    if fault["type"] == "extra_forbidden":
        return "is not a member known here; remove it or mend its name"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message.replace("Input should", "should")
