/// The options of sbatch: what a launch needs, and behind that what its user gave.
package struct SubmissionOptions: Sendable {
  /// What a user gave that a launch sets itself, or that would make something else of its jobs.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  /// From this time limit on a worker is told a minute before its end; below it what Slurm leaves every
  /// job between SIGTERM and SIGKILL has to do.
  private static let warnedFrom = Duration.seconds(300)
  private static let reserved: [(long: String, short: String?, instead: String)] = [
    ("--array", "-a", "one job after the other is submitted, as many as are of use"),
    ("--wrap", nil, "the job runs a worker"),
    ("--job-name", "-J", "jobs are found again by their names"),
    ("--output", "-o", "give --logs DIR before the --"),
    ("--error", "-e", "give --logs DIR before the --"),
    ("--time", "-t", "give --time-limit before the --"),
    ("--parsable", nil, "it is set already"),
    ("--test-only", nil, "that is done at every start"),
    ("--wait", "-W", "this program waits itself"),
  ]

  package let arguments: [String]

  /// Refuses what a user may not give, before anything is made.
  package static func check(_ given: [String]) throws(Refusal) {
    for word in given {
      for option in reserved
      where word == option.long || word.hasPrefix("\(option.long)=")
        || option.short.map({ word == $0 || (word.hasPrefix($0) && !word.hasPrefix("--")) })
          ?? false
      {
        throw Refusal(description: "\(word) behind the --: leave it out, for \(option.instead)")
      }
    }
  }

  package init(timeLimit: Duration, log: JobLog, given: [String]) throws(Refusal) {
    try Self.check(given)
    var arguments = [
      "--time=\(max(1, (timeLimit.components.seconds + 59) / 60))", "--output=\(log.pattern)",
      "--open-mode=append",
    ]
    if timeLimit >= Self.warnedFrom { arguments.append("--signal=B:TERM@60") }
    // A job that Slurm starts again by itself is no more than the one that is submitted in its place.
    if !given.contains("--requeue") { arguments.append("--no-requeue") }
    self.arguments = arguments + given
  }
}
