"""Rule packs that every template is held against, and the findings that are accepted, each with its reason."""
