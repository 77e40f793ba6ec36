-- Packets of each phy, by its number, of what a source has counted: "0 12 5".
ALTER TABLE sources ADD COLUMN packets_by_phy TEXT NOT NULL DEFAULT '';
