/// A part of a cluster that a batch scheduler has given to a job for a while, and takes away again:
/// when its time is over, for a job that goes first, with a node that fails.
///
/// What a worker says of itself: it is trusted as far as the worker is.
package struct Allocation: Hashable, Sendable, CustomStringConvertible {
  /// The scheduler and the job's number there.
  package let name: String

  package var description: String { name }

  private static let slurm = "slurm "

  private init(name: String) { self.name = name }

  /// That of a job of Slurm.
  package static func slurm(job: Int) -> Allocation { Allocation(name: "\(slurm)\(job)") }

  /// The number of the job of Slurm that it is; nil for any other.
  package var slurmJob: Int? {
    name.hasPrefix(Self.slurm) ? Int(name.dropFirst(Self.slurm.count)) : nil
  }

  /// What a process with this environment runs in; nil where in none.
  package init?(environment: [String: String]) {
    guard let number = environment["SLURM_JOB_ID"].flatMap({ Int($0) }), number > 0 else {
      return nil
    }
    self = .slurm(job: number)
  }

  /// - Returns: nil for the empty text, which says that there is none.
  init?(message text: String) throws(WireError) {
    guard !text.isEmpty else { return nil }
    name = try FieldRules.name(text, "allocation")
  }
}
