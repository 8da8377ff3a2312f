/// What a line of a log is about, where it is about one worker, one point, one attempt.
package struct LogSubject: Hashable, Sendable {
  /// A worker process, as every line names it: `alpha (process 4711)`.
  package var worker: String?
  package var host: String?
  package var point: PointKey?
  package var attempt: AttemptID?

  package init(
    worker: String? = nil, host: String? = nil, point: PointKey? = nil, attempt: AttemptID? = nil
  ) {
    self.worker = worker
    self.host = host
    self.point = point
    self.attempt = attempt
  }

  /// The name under which a worker is told of.
  package static func worker(_ host: String, process: Int) -> String {
    "\(host) (process \(process))"
  }

  /// Those that are known, by name.
  package var fields: [String: String] {
    var fields: [String: String] = [:]
    fields["worker"] = worker
    fields["host"] = host
    fields["point"] = point?.description
    fields["attempt"] = attempt?.description
    return fields
  }
}
