internal import Sweep
internal import VAE

/// The tables of a store, made in one transaction.
///
/// Keys and digests are lower-case hexadecimal; times are seconds since 1970-01-01 UTC; a number
/// that is not finite is null. Only `store`, `workers` and `checkpoints` are ever updated, and of a sweep
/// that is started again its file and what took its place: everything else is written once, with its seal.
enum Schema {
  /// "vaes", in the file's header.
  static let applicationID: Int32 = 0x7661_6573
  /// Raised with every change of the tables.
  static let version = 5
  /// From here on rows bear seals.
  static let firstSealed = 3
  /// Read too, as are those between, and brought up to date by the next coordinator.
  static let oldest = 2

  static var sql: String {
    """
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);

    CREATE TABLE store (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      -- Drawn at random: tells this store's attempts from those of every other.
      store_id INTEGER NOT NULL,
      dataset_digest TEXT NOT NULL CHECK (length(dataset_digest) = 64),
      trainer_version INTEGER NOT NULL,
      blas_core TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      -- The last start of a coordinator: its epoch times 2^31, and a number drawn at that start, since a
      -- store that is put back to an earlier copy begins an epoch twice. Below 2^31 an epoch alone.
      coordinator_epoch INTEGER NOT NULL DEFAULT 0,
      -- Of the tables' definitions.
      schema_seal INTEGER,
      seal INTEGER
    ) STRICT;

    CREATE TABLE sweeps (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      dataset TEXT NOT NULL,
      definition_digest TEXT NOT NULL UNIQUE CHECK (length(definition_digest) = 64),
      yaml TEXT NOT NULL,
      registered_at REAL NOT NULL,
      -- The sweep that is worked on in its place since an extension, or a start with --replace.
      \(replacedBy),
      -- 1 where an operator's extension did that.
      \(isExtended),
      seal INTEGER
    ) STRICT;

    -- What a sweep is to decide, as it stood at each start. Those recorded before the sweep's first
    -- outcome were fixed beforehand; what later ones change is post hoc.
    CREATE TABLE claims (
      id INTEGER PRIMARY KEY,
      sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
      -- Of the canonical JSON beside it.
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      family TEXT NOT NULL CHECK (json_valid(family)),
      -- The whole sweep file.
      yaml TEXT NOT NULL,
      -- Outcomes of the sweep's points that were in the store.
      outcomes_before INTEGER NOT NULL CHECK (outcomes_before >= 0),
      registered_at REAL NOT NULL,
      seal INTEGER
    ) STRICT;

    CREATE TABLE workers (
      session INTEGER PRIMARY KEY,
      host TEXT NOT NULL,
      cpu TEXT NOT NULL,
      slots INTEGER NOT NULL CHECK (slots > 0),
      version TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      first_seen_at REAL NOT NULL,
      last_seen_at REAL NOT NULL,
      -- The key that introduced it; null where no keys were in use.
      owner TEXT,
      seal INTEGER
    ) STRICT;

    CREATE TABLE configurations (
      id INTEGER PRIMARY KEY,
    \(configurationColumns),
      seal INTEGER
    ) STRICT;

    CREATE TABLE attempts (
      -- Of the start that granted it, as in store.coordinator_epoch.
      epoch INTEGER NOT NULL CHECK (epoch > 0),
      counter INTEGER NOT NULL CHECK (counter >= 0),
      key TEXT NOT NULL CHECK (length(key) = 64),
      sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
      point_index INTEGER NOT NULL CHECK (point_index >= 0),
      configuration_id INTEGER NOT NULL REFERENCES configurations (id),
    \(seedColumns),
      session INTEGER NOT NULL REFERENCES workers (session),
      granted_at REAL NOT NULL,
      seal INTEGER,
      PRIMARY KEY (epoch, counter)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outcomes (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE CHECK (length(key) = 64),
    \(configurationColumns),
    \(seedColumns),
      seed INTEGER CHECK (seed IS NULL OR (seed = init_seed AND seed = order_seed AND seed = noise_seed)),
      dataset_digest TEXT NOT NULL,
      trainer_version INTEGER NOT NULL,
    \(resultColumns),
      \(resultVersion),
      result_digest TEXT NOT NULL CHECK (length(result_digest) = 64),
      host TEXT NOT NULL,
      cpu TEXT NOT NULL,
      blas_core TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      version TEXT NOT NULL,
      images_per_second REAL,
      seconds REAL,
      finished_at REAL,
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      seal INTEGER,
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT;

    CREATE TABLE epochs (
      outcome_id INTEGER NOT NULL REFERENCES outcomes (id),
      epoch INTEGER NOT NULL CHECK (epoch > 0),
      train_running_total REAL,
      test_total REAL,
      test_reconstruction REAL,
      test_kl REAL,
      test_reconstruction_at_mean REAL,
      seal INTEGER,
      PRIMARY KEY (outcome_id, epoch)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE latents (
      outcome_id INTEGER NOT NULL REFERENCES outcomes (id),
      latent INTEGER NOT NULL CHECK (latent >= 0),
      var_mu REAL,
      mean_sigma2 REAL,
      kl REAL,
      gain REAL,
      mean_mu REAL,
      aggregate_variance REAL AS (var_mu + ifnull(mean_sigma2, 0)),
      seal INTEGER,
      PRIMARY KEY (outcome_id, latent)
    ) STRICT, WITHOUT ROWID;

    -- Attempts that ended early through nobody's fault: nobody holds them any more.
    CREATE TABLE releases (
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      at REAL NOT NULL,
      seal INTEGER,
      PRIMARY KEY (attempt_epoch, attempt_counter),
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT, WITHOUT ROWID;

    -- A retry: failures of the key up to failure_id no longer count.
    CREATE TABLE reopenings (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      failure_id INTEGER NOT NULL,
      at REAL NOT NULL,
      seal INTEGER
    ) STRICT;
    CREATE INDEX reopenings_by_key ON reopenings (key);

    -- Pictures' data of an outcome, made under its fingerprint.
    CREATE TABLE artifacts (
      key TEXT NOT NULL REFERENCES outcomes (key),
      name TEXT NOT NULL,
      sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
      -- Ahead of the data, which need not be read to check it.
      seal INTEGER,
      data BLOB NOT NULL,
      PRIMARY KEY (key, name)
    ) STRICT;

    -- A second outcome of a point that differs from the first, which stands; or a second artifact
    -- of one name, and then the digests are the artifacts'.
    CREATE TABLE faults (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL REFERENCES outcomes (key),
      artifact TEXT,
      kept_result_digest TEXT NOT NULL,
      kept_host TEXT NOT NULL,
      other_result_digest TEXT NOT NULL,
      other_host TEXT NOT NULL,
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      at REAL,
      seal INTEGER,
      UNIQUE (attempt_epoch, attempt_counter),
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT;

    \(failures)
    \(troubles)
    \(orders)
    \(views)
    """
  }

  /// Added with version 5.
  static let orders = """
    -- What operators ordered while a sweep ran; the last row about a thing holds. `filter` is the list of
    -- KEY=VALUE texts that name the points of a retry or a cancellation: all points where it is empty.
    CREATE TABLE orders (
      id INTEGER PRIMARY KEY,
      verb TEXT NOT NULL
        CHECK (verb IN ('pause', 'resume', 'drain', 'undrain', 'retry', 'cancel')),
      host TEXT CHECK ((host IS NOT NULL) = (verb IN ('drain', 'undrain'))),
      filter TEXT CHECK ((filter IS NOT NULL) = (verb IN ('retry', 'cancel'))
        AND (filter IS NULL OR json_valid(filter))),
      at REAL NOT NULL,
      -- The key of the operator; null where no keys were in use.
      owner TEXT,
      -- Name of the sweep that it is about. Null for an order about a host, and for one of before this was
      -- written down: that is about the sweeps that were there then.
      sweep TEXT,
      seal INTEGER
    ) STRICT;
    """

  static let failures = """
    -- Attempts that ended without an outcome. Append-only; a point's state follows from them.
    CREATE TABLE failures (
      id INTEGER PRIMARY KEY,
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      key TEXT NOT NULL,
      kind TEXT NOT NULL
        CHECK (kind IN ('point', 'trainer_exit', 'trainer_signal', 'worker_lost', 'hung')),
      code INTEGER
        CHECK ((code IS NOT NULL) = (kind IN ('trainer_exit', 'trainer_signal', 'hung'))),
      message TEXT NOT NULL,
      at REAL NOT NULL,
      seal INTEGER,
      UNIQUE (attempt_epoch, attempt_counter),
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT;
    CREATE INDEX failures_by_key ON failures (key);
    """

  /// Added within version 2.
  static let troubles = """
    -- Hosts that are given nothing, as of each host's last row; with no reason it is given points again.
    -- The owner is the key whose workers are there.
    CREATE TABLE drains (
      id INTEGER PRIMARY KEY,
      host TEXT NOT NULL,
      reason TEXT,
      at REAL NOT NULL,
      owner TEXT,
      seal INTEGER
    ) STRICT;
    CREATE INDEX drains_by_host ON drains (host);

    -- Failures on drained hosts: they do not count against their points.
    CREATE TABLE excused (
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      at REAL NOT NULL,
      seal INTEGER,
      PRIMARY KEY (attempt_epoch, attempt_counter),
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT, WITHOUT ROWID;

    -- The newest checkpoint of each point without an outcome; the bytes are the file DIGEST.checkpoint
    -- in the folder STORE.checkpoints.
    CREATE TABLE checkpoints (
      key TEXT PRIMARY KEY CHECK (length(key) = 64),
      attempt_epoch INTEGER NOT NULL,
      attempt_counter INTEGER NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      size INTEGER NOT NULL CHECK (size > 0),
      step INTEGER NOT NULL CHECK (step > 0),
      fingerprint TEXT NOT NULL,
      at REAL NOT NULL,
      seal INTEGER,
      FOREIGN KEY (attempt_epoch, attempt_counter) REFERENCES attempts (epoch, counter)
    ) STRICT, WITHOUT ROWID;
    """

  static let views = """
    -- Per point without an outcome: the failures since its last retry that count.
    CREATE VIEW unfinished AS
      SELECT f.key AS key, sum(f.kind <> 'point') AS lost, sum(f.kind = 'point') AS own,
        max(f.id) AS last_failure_id
      FROM failures f
      WHERE f.id > ifnull((SELECT max(r.failure_id) FROM reopenings r WHERE r.key = f.key), 0)
        AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.key = f.key)
        AND NOT EXISTS (SELECT 1 FROM excused e
          WHERE e.attempt_epoch = f.attempt_epoch AND e.attempt_counter = f.attempt_counter)
      GROUP BY f.key;
    CREATE VIEW failed AS
      SELECT * FROM unfinished WHERE own > 0 OR lost >= \(FailureTally.maxLost);
    """

  /// `hidden` is a JSON array; a train key that does not apply is null, as is `limit: none`.
  private static var configurationColumns: String {
    let shape = [
      "architecture TEXT NOT NULL", "hidden TEXT NOT NULL CHECK (json_valid(hidden))",
      "latent_dim INTEGER NOT NULL CHECK (latent_dim > 0)",
    ]
    return lines(shape + TrainKey.allCases.map(\.columnDefinition))
  }

  private static var resultColumns: String {
    lines(OutcomeField.columnFields.map(\.columnDefinition))
  }

  private static func lines(_ columns: [String]) -> String {
    columns.map { "  \($0)" }.joined(separator: ",\n")
  }

  private static let seedColumns = """
      init_seed INTEGER NOT NULL CHECK (init_seed BETWEEN 0 AND 4294967295),
      order_seed INTEGER NOT NULL CHECK (order_seed BETWEEN 0 AND 4294967295),
      noise_seed INTEGER NOT NULL CHECK (noise_seed BETWEEN 0 AND 4294967295)
    """
}
