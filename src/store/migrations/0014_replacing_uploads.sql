-- The asset whose file an upload shall replace; none makes a new asset.
ALTER TABLE upload ADD COLUMN replaces TEXT;
