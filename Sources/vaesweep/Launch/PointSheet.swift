import Platform
import ResultStore
import Sweep
import Tables
import VAE

/// All that a store has of one point: what came of it, every attempt, and how to run it again.
///
/// For a person a table of facts and one of attempts; for a program one object.
struct PointSheet {
  private let key: PointKey
  private let state: String
  /// Why it has failed, where it has.
  private let failure: String?
  private let outcome: StoredOutcome?
  private let point: Point
  private let attempts: [StoredAttempt]
  private let artifacts: [ArtifactKind]
  private let faults: [StoredFault]
  private let commands: [String]
  private let history: Bool

  init(_ key: PointKey, of results: StoredResults, history: Bool) throws(CommandError) {
    let reader = results.reader
    let tally: FailureTally?
    let granted: Point?
    do throws(StoreError) {
      outcome = try reader.outcome(of: key, history: .full)
      attempts = try reader.attempts(of: key)
      granted = try reader.point(of: key)
      tally = try reader.troubledPoints().first { $0.key == key }?.tally
      artifacts = try reader.artifactKinds()[key, default: []].sorted()
      faults = try reader.faults().filter { $0.key == key }
    } catch {
      throw .of(error)
    }
    guard let point = outcome?.outcome.point ?? granted else {
      throw .badInput("\(results.path) has no point \(key.short)")
    }
    self.key = key
    self.point = point
    self.history = history
    failure = tally?.reason.message
    state = outcome?.outcome.status.rawValue ?? (tally?.isFailed == true ? "failed" : "unfinished")
    let again = PointCommand(point: point, key: key, results: results)
    commands = (outcome == nil ? [] : [again.fromStore]) + [again.standalone]
  }

  func render(_ format: OutputFormat) -> String {
    switch format {
    case .json: return json.pretty + "\n"
    case .csv: return Table(row: facts).render(.csv)
    case .table, .markdown:
      let table = Table(
        columns: ["fact", "value"], rows: facts.map { [.text($0.name), Cell(json: $0.value)] })
      var text = table.render(format) + "\n" + attemptTable.render(format)
      text += "\nTo run this point again:\n"
      if format == .markdown { text += "\n```sh\n" }
      text += commands.map { "\($0)\n" }.joined()
      if format == .markdown { text += "```\n" }
      return text
    }
  }

  private var json: JSONValue {
    [
      "key": .string(key.description), "state": .string(state), "failure": JSONValue(failure),
      "point": .object(point.configuration.members + point.seeds.members),
      "outcome": outcome?.json(history: history) ?? .null,
      "attempts": attemptTable.json,
      "artifacts": .array(artifacts.map { .string($0.rawValue) }),
      "faults": .array(faults.map(\.json)),
      "commands": .array(commands.map(JSONValue.string)),
    ]
  }

  /// The outcome as `train` prints it, the receipt's members by themselves.
  private var facts: [JSONValue.Member] {
    var facts = [
      JSONValue.Member("key", .string(key.description)),
      JSONValue.Member("state", .string(state)), JSONValue.Member("failure", JSONValue(failure)),
    ]
    if let outcome, case .object(let members) = outcome.json(history: history) {
      facts += members.filter { !["key", "status", "receipt"].contains($0.name) }
      facts += outcome.receipt.members.map { JSONValue.Member("receipt_\($0.name)", $0.value) }
    } else {
      facts += point.configuration.members + point.seeds.members
    }
    facts.append(JSONValue.Member("artifacts", .array(artifacts.map { .string($0.rawValue) })))
    facts.append(JSONValue.Member("faults", .array(faults.map(\.json))))
    facts.append(JSONValue.Member("attempts", .int(attempts.count)))
    return facts
  }

  private var attemptTable: Table {
    var table = Table(columns: [
      "attempt", "sweep", "host", "cpu", "version", "granted_at", "ending", "ended_at", "reason",
    ])
    for attempt in attempts {
      let (ending, at, reason) = words(attempt.ending)
      table.append([
        .text(attempt.attempt.description), .text(attempt.sweep), .text(attempt.worker.host),
        .text(attempt.worker.cpu), .text(attempt.worker.version), Self.time(attempt.grantedAt),
        .text(ending), at.map(Self.time) ?? .empty, Cell(reason),
      ])
    }
    return table
  }

  private func words(_ ending: StoredAttempt.Ending) -> (String, at: Double?, reason: String?) {
    switch ending {
    case .outcome: ("outcome", outcome?.receipt.finishedAt, nil)
    case .fault: ("other_outcome", nil, "its result differs from the one that is kept")
    case .failure(let reason, let at, let isExcused):
      (isExcused ? "excused" : "failed", at, reason.message)
    case .released(let at): ("released", at, nil)
    // With an outcome there, nobody waits for it any more.
    case .open: (outcome == nil ? "open" : "superseded", nil, nil)
    }
  }

  /// Seconds for a program, a date for a person.
  private static func time(_ seconds: Double) -> Cell {
    guard seconds.isFinite, let whole = Int(exactly: seconds.rounded(.down)) else { return .empty }
    return .value(.number(seconds), shown: LocalTime.text(whole))
  }
}

extension StoredFault {
  fileprivate var json: JSONValue {
    [
      "artifact": JSONValue(artifact), "kept_digest": .string(keptDigest.hex),
      "kept_host": .string(keptHost), "other_digest": .string(otherDigest.hex),
      "other_host": .string(otherHost), "attempt": .string(otherAttempt.description),
    ]
  }
}
