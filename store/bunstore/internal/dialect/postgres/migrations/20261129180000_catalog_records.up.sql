-- Who changed which manager or product, when and why. A record outlives what it is about.
CREATE TABLE IF NOT EXISTS clientaccount_manager_changes (
    manager_id  uuid NOT NULL,
    revision    bigint NOT NULL,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    actor_id    text NOT NULL,
    actor_name  text NOT NULL,
    reason      text NOT NULL,
    undoes      bigint NOT NULL,
    second_id   text NOT NULL,
    second_name text NOT NULL,
    batch_id    uuid,
    PRIMARY KEY (manager_id, revision)
);

CREATE TABLE IF NOT EXISTS clientaccount_manager_change_fields (
    manager_id uuid NOT NULL,
    revision   bigint NOT NULL,
    position   integer NOT NULL,
    path       text NOT NULL,
    old_text   text NOT NULL,
    new_text   text NOT NULL,
    secret     boolean NOT NULL,
    PRIMARY KEY (manager_id, revision, position),
    FOREIGN KEY (manager_id, revision) REFERENCES clientaccount_manager_changes
);

CREATE TABLE IF NOT EXISTS clientaccount_product_changes (
    product_id  uuid NOT NULL,
    revision    bigint NOT NULL,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    actor_id    text NOT NULL,
    actor_name  text NOT NULL,
    reason      text NOT NULL,
    undoes      bigint NOT NULL,
    second_id   text NOT NULL,
    second_name text NOT NULL,
    batch_id    uuid,
    PRIMARY KEY (product_id, revision)
);

CREATE TABLE IF NOT EXISTS clientaccount_product_change_fields (
    product_id uuid NOT NULL,
    revision   bigint NOT NULL,
    position   integer NOT NULL,
    path       text NOT NULL,
    old_text   text NOT NULL,
    new_text   text NOT NULL,
    secret     boolean NOT NULL,
    PRIMARY KEY (product_id, revision, position),
    FOREIGN KEY (product_id, revision) REFERENCES clientaccount_product_changes
);
