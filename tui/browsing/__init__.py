"""The pathway browser: everything a definition says, by element, with where each is used."""
