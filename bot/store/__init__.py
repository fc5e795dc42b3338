"""The one SQLite file: database, migrations, and one module a family of tables. All SQL is here."""
