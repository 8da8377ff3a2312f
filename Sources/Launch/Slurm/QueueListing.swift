/// What `squeue` prints, one job a line.
package enum QueueListing {
  /// The name last: of other people's jobs it may hold anything.
  static let format = "JobID:|,State:|,exit_code:|,Reason:|,NodeList:|,Name:|"

  /// The jobs whose name begins with `prefix`.
  ///
  /// - Returns: nil where a line is not as asked for: then nothing of it is believed.
  package static func parse(_ text: String, prefix: String) -> [ListedJob]? {
    var jobs: [ListedJob] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false)
      guard fields.count == 6 else { return nil }
      let name = fields[5].hasSuffix("|") ? fields[5].dropLast() : fields[5]
      guard name.hasPrefix(prefix) else { continue }
      guard let number = Int(fields[0]) else { return nil }
      jobs.append(
        ListedJob(
          id: SlurmJobID(number), token: SubmissionToken(String(name.dropFirst(prefix.count))),
          state: state(String(fields[1]), exitCode: Int(fields[2])),
          reason: fields[3] == "(null)" ? "" : String(fields[3]),
          node: fields[4] == "(null)" ? "" : String(fields[4])))
    }
    return jobs
  }

  /// - Parameter exitCode: As `wait` says it.
  private static func state(_ word: String, exitCode: Int?) -> SlurmJobState {
    switch word {
    case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT",
      "RESV_DEL_HOLD":
      .waiting
    case "COMPLETING": .completing
    case "COMPLETED": .ended(.completed)
    case "FAILED": .ended(.failed(status: exitCode.flatMap { $0 & 0x7f == 0 ? $0 >> 8 : nil }))
    case "TIMEOUT": .ended(.timeLimit)
    case "PREEMPTED": .ended(.preempted)
    case "NODE_FAIL": .ended(.nodeFailed)
    case "OUT_OF_MEMORY": .ended(.outOfMemory)
    case "CANCELLED": .ended(.cancelled)
    case "BOOT_FAIL", "DEADLINE", "REVOKED": .ended(.other(word))
    // RUNNING, SUSPENDED, and whatever later versions bring: it is there, and may hold points.
    default: .running
    }
  }
}
