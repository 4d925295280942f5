-- Who changed which manager or product, when and why. A record outlives what it is about.
CREATE TABLE IF NOT EXISTS clientaccount_manager_changes (
    manager_id  TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    at          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    undoes      INTEGER NOT NULL,
    second_id   TEXT NOT NULL,
    second_name TEXT NOT NULL,
    batch_id    TEXT,
    PRIMARY KEY (manager_id, revision)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_manager_change_fields (
    manager_id TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    old_text   TEXT NOT NULL,
    new_text   TEXT NOT NULL,
    secret     INTEGER NOT NULL,
    PRIMARY KEY (manager_id, revision, position),
    FOREIGN KEY (manager_id, revision) REFERENCES clientaccount_manager_changes
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_product_changes (
    product_id  TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    at          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    undoes      INTEGER NOT NULL,
    second_id   TEXT NOT NULL,
    second_name TEXT NOT NULL,
    batch_id    TEXT,
    PRIMARY KEY (product_id, revision)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_product_change_fields (
    product_id TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    old_text   TEXT NOT NULL,
    new_text   TEXT NOT NULL,
    secret     INTEGER NOT NULL,
    PRIMARY KEY (product_id, revision, position),
    FOREIGN KEY (product_id, revision) REFERENCES clientaccount_product_changes
) STRICT;
