internal import GRDB
internal import Sweep

/// How failures lie in the store.
enum FailureRows {
  /// The points that the view `unfinished` counts, with the attempt of their last failure.
  static func troubled(_ db: Database, _ reading: inout PointReading) throws -> [TroubledPoint] {
    let configuration = try ConfigurationColumns.list(db, of: "configurations", as: "c")
    var troubled: [TroubledPoint] = []
    try db.forEachRow(
      """
      SELECT u.key, u.lost, f.kind, f.code, f.message,
        a.init_seed, a.order_seed, a.noise_seed, \(configuration)
      FROM unfinished u
      JOIN failures f ON f.id = ifnull(
        (SELECT max(p.id) FROM failures p
          WHERE p.key = u.key AND p.kind = 'point' AND u.own > 0), u.last_failure_id)
      JOIN attempts a ON a.epoch = f.attempt_epoch AND a.counter = f.attempt_counter
      JOIN configurations c ON c.id = a.configuration_id
      ORDER BY u.last_failure_id
      """, of: reading.path
    ) { columns in
      troubled.append(
        TroubledPoint(
          key: try columns.key("key"), point: try reading.point(columns),
          tally: FailureTally(
            lost: Int(try columns.integer("lost")), reason: try reason(columns, from: 2))))
    }
    return troubled
  }

  /// The reason in three columns: kind, code, message.
  static func reason(_ columns: Columns, from first: Int) throws -> FailureReason {
    let code = Int32(truncatingIfNeeded: columns.optionalInteger(first + 1) ?? 0)
    switch try columns.text(first) {
    case "point": return .point(try columns.text(first + 2))
    case "trainer_exit": return .trainerExit(status: code)
    case "trainer_signal": return .trainerSignal(code)
    case "worker_lost": return .workerLost(try columns.text(first + 2))
    case "hung": return .hung(seconds: Int(code))
    default: throw columns.damaged("an unknown kind", first)
    }
  }
}
