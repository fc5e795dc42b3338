-- Issue 6: languages. Both columns hold codes with spaces between.

ALTER TABLE people ADD COLUMN owned_up TEXT NOT NULL DEFAULT '';  -- in which the bot has said that a computer wrote its words
ALTER TABLE people ADD COLUMN offered TEXT NOT NULL DEFAULT '';   -- that were offered because something was typed in them
