-- owner: name of the key that used a source first, '' for none. used: Unix second in which it last delivered something that was kept, 0 for not known.
ALTER TABLE sources ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
