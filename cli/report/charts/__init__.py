"""The pictures of a report as inline SVG, one chart a file; colours come from the page's style sheet by class."""
