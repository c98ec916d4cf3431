"""A checked definition as a document for clinicians: plain text, one HTML page, one JSON document."""
