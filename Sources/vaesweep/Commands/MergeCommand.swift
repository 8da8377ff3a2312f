import ArgumentParser
import ResultStore
import Sweep
import Tables

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the stores of two clusters that cannot reach each other into a new one.",
    discussion: """
      A point that both have must have the same result digest where both computed alike (one numeric \
      fingerprint): else the two are told, nothing is written, and the exit status is 1. Sweeps, claims, \
      attempts, outcomes with their receipts, failures and pictures travel; checkpoints do not. Neither \
      store is changed, also one of an earlier version; sweeps may run on them meanwhile.
      """)

  @Argument(help: "A store, an SQLite file.") var first: String
  @Argument(help: "Another, of the same dataset.") var second: String
  @Option(help: "The new store; nothing may be there yet.") var into: String
  @Flag(
    help: """
      Take stores of unlike numeric fingerprints; of a point that both have, the first store's result \
      stands.
      """) var mixed = false
  @OptionGroup var output: FormatOptions

  /// Differences that are told one by one.
  private static let maxTold = 20

  func run() throws {
    let result: StoreMerge.Result
    do throws(StoreError) {
      result = try StoreMerge(first, second, into: into, isMixed: mixed).run()
    } catch {
      throw CommandError.of(error)
    }
    switch result {
    case .joined(let first, let second, let both, let total):
      var table = Table(columns: ["store", .number("outcomes"), .number("in_both")])
      table.append([.text(self.first), .integer(first), .integer(both)])
      table.append([.text(self.second), .integer(second), .integer(both)])
      table.append([.text(into), .integer(total), .empty])
      try Output.write(table.render(output.format))
    case .refused(let conflicts):
      for conflict in conflicts.prefix(Self.maxTold) { Console.say(words(conflict)) }
      throw CommandError.failure(
        "merge: \(conflicts.count.of("result")) of \(first) and \(second) differ although they were "
          + "made under one fingerprint; \(into) is not written. 'vaesweep train --key KEY --store STORE' "
          + "shows which is right")
    }
  }

  private func words(_ conflict: StoreMerge.Conflict) -> String {
    let what = conflict.artifact.map { "\($0) of point \(conflict.key)" } ?? "point \(conflict.key)"
    let sides = zip([first, second], zip(conflict.digests, conflict.hosts)).map {
      "\($0) has \($1.0.short) (made on \($1.1))"
    }
    return "\(what): \(sides.joined(separator: ", "))"
  }
}
