/// A job's number at Slurm.
package struct SlurmJobID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let number: Int

  package init(_ number: Int) { self.number = number }

  package static func < (left: SlurmJobID, right: SlurmJobID) -> Bool {
    left.number < right.number
  }

  package var description: String { "\(number)" }
}

/// What tells one submission from every other, also where sbatch has not said what became of it: the end
/// of the job's name.
package struct SubmissionToken: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }
}

/// How a job ended, as Slurm has it.
package enum SlurmJobEnd: Hashable, Sendable {
  case completed
  /// Its worker gave back what it held and ended, as before a time limit or upon a signal, and was not
  /// told that nothing is left to do.
  case handedBack
  /// With the exit status of its script, or with a signal; nil where Slurm does not tell.
  case failed(status: Int?)
  case timeLimit
  case preempted
  case nodeFailed
  case outOfMemory
  case cancelled
  /// In a way that has no name here: as Slurm calls it.
  case other(String)
}

/// What becomes of a job at present.
package enum SlurmJobState: Hashable, Sendable {
  case waiting
  case running
  /// Its nodes are being cleaned up after it.
  case completing
  case ended(SlurmJobEnd)
}

/// One job as the queue lists it.
package struct ListedJob: Hashable, Sendable {
  package var id: SlurmJobID
  package var token: SubmissionToken
  package var state: SlurmJobState
  /// Why it waits, as Slurm calls it.
  package var reason: String
  /// Where it runs; empty while it waits.
  package var node: String

  package init(
    id: SlurmJobID, token: SubmissionToken, state: SlurmJobState, reason: String = "",
    node: String = ""
  ) {
    self.id = id
    self.token = token
    self.state = state
    self.reason = reason
    self.node = node
  }
}
