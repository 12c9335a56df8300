-- The guide's list: timestamps, modes and types, hashes, and composites. And the one that search needs.
CREATE INDEX documents_words ON documents USING gin (words);
CREATE INDEX documents_created_at ON documents (created_at);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX history_created_at ON history (created_at);
-- Serves the mode alone, too: it comes first.
CREATE INDEX history_mode_created_at ON history (mode, created_at DESC);
CREATE INDEX uploads_file_hash ON uploads (file_hash);
CREATE INDEX uploads_created_at ON uploads (created_at);
