"""A pathway in writing: outline, Mermaid, decision tables, SCXML; what a form lacks, it says itself."""
