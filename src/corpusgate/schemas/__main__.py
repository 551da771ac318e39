"""`python -m corpusgate.schemas` writes the schema files anew."""

from corpusgate.schemas import files

for path, content in files().items():
    path.write_text(content, encoding="utf-8", newline="\n")
    print(path.name)
