"""A guideline cut down to the classes that a customer asks for."""

from collections.abc import Collection

from apps.core.errors import Invalid
from apps.guidelines.document import GuidelineDocument, dumped, parse


def narrowed(document: GuidelineDocument, class_keys: Collection[str]) -> GuidelineDocument:
    """Keep some classes, the headings above them, and what is said about them.

    Args:
        document: The whole.
        class_keys: What to keep; all if empty.

    Raises:
        Invalid: If a key is no class of the document.
    """
    if not class_keys:
        return document
    unknown = [key for key in class_keys if document.class_named(key) is None]
    if unknown:
        raise Invalid(
            f"The template has no class “{unknown[0]}”; choose among its classes.",
            fields={"classes": [f"“{key}” is no class of the template" for key in unknown]},
        )
    kept = {
        one.key
        for one in document.taxonomy.classes
        if any(document.is_a(wanted, one.key) for wanted in class_keys)
    }
    cut = dumped(document)
    taxonomy, policy = cut["taxonomy"], cut["policy"]
    taxonomy["classes"] = [one for one in taxonomy["classes"] if one["key"] in kept]
    for one in taxonomy["classes"]:
        one["confusable_with"] = [key for key in one["confusable_with"] if key in kept]
    asked = [
        (one, [key for key in one["classes"] if key in kept]) for one in taxonomy["attributes"]
    ]
    taxonomy["attributes"] = [
        {**one, "classes": classes} for one, classes in asked if classes or not one["classes"]
    ]
    policy["import_aliases"] = {
        format_key: {name: alias for name, alias in names.items() if alias["class_key"] in kept}
        for format_key, names in policy["import_aliases"].items()
    }
    return parse(cut)
