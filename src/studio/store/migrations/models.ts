/** Prices of models that somebody entered, and which model's prices gave the cost of an observation. */
export const MODEL_PRICES = `
  CREATE TABLE models (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    match_pattern TEXT NOT NULL,
    start_us INTEGER,
    end_us INTEGER,
    unit TEXT NOT NULL,
    -- US dollars per unit, by kind of usage.
    prices TEXT NOT NULL,
    created_us INTEGER NOT NULL
  ) STRICT;
  -- Null where the cost was sent, or there is none.
  ALTER TABLE observations ADD COLUMN price_model_id TEXT;
  -- At most one row: costs are being calculated anew, and this is how far.
  CREATE TABLE price_update (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Null for all models.
    model_id TEXT,
    after_row INTEGER NOT NULL,
    changed_count INTEGER NOT NULL
  ) STRICT;
`;
