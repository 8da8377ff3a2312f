internal import Platform
package import Sweep
import VAE

extension AuditCertificate {
  /// What `audit` prints: facts and audited points for a person, one object in JSON, the facts as one row
  /// in CSV.
  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: return json.pretty + "\n"
    case .csv: return Table(row: facts).render(.csv)
    case .table, .markdown:
      let text = factTable.render(format, ansi: ansi)
      return audited.isEmpty ? text : text + "\n" + points(audited).render(format, ansi: ansi)
    }
  }

  package var json: JSONValue {
    .object(facts + [JSONValue.Member("audited", .array(audited.map(\.json)))])
  }

  /// One page in Markdown, for whoever wants to know whether a store can be believed.
  package var page: String {
    let choice = sweep.map { " --sweep \(ShellWord.quoted($0))" } ?? ""
    let doubtful = audited.filter { $0.verdict != .equal }
    var text = """
      # Audit of \(store)

      \(conclusion)

      \(factTable.render(.markdown))
      The root hash is the SHA-256 of one line for each outcome, in the order of the keys: the key, a \
      space, the result digest, a line feed. It is the same whatever order, hosts or restarts made the \
      results. Again:

      ```sh
      vaesweep audit \(ShellWord.quoted(store))\(choice) --sample 0
      vaesweep export \(ShellWord.quoted(store))\(choice) --format jsonl | jq -r '.key + " " + .result_digest' | sort | sha256sum
      ```

      """
    if !audited.isEmpty { text += "\n## Where\n\n" + siteTable.render(.markdown) }
    if !doubtful.isEmpty {
      text += "\n## Not equal\n\n" + points(doubtful).render(.markdown)
    }
    return text
  }

  private var factTable: Table {
    Table(
      columns: ["fact", "value"],
      rows: facts.map { [.text($0.name), $0.name == "sweeps" ? sweepCell : Cell(json: $0.value)] })
  }

  /// The sweeps as a person reads them.
  private var sweepCell: Cell {
    .text(
      sweeps.map { "\($0.name) (its file has the SHA-256 \($0.file.hex))" }.joined(separator: "; "))
  }

  private var facts: [JSONValue.Member] {
    let facts: [(String, JSONValue)] =
      [
        ("root_hash", .string(rootHash.hex)), ("store", .string(store)),
        (
          "sweeps",
          .array(
            sweeps.map {
              [
                "name": .string($0.name), "definition": .string($0.definition.hex),
                "file": .string($0.file.hex),
              ]
            })
        ),
        ("dataset", .string(dataset)), ("dataset_digest", .string(datasetDigest.hex)),
        ("trainer_version", .int(trainerVersion)), ("version", .string(programVersion)),
        ("blas_core", .string(blasCore)), ("fingerprint", .string(fingerprint)),
        ("ok", .int(ok)), ("diverged", .int(diverged)), ("failed", .int(failed)),
        ("missing", JSONValue(missing?.points)), ("cancelled", JSONValue(missing?.cancelled)),
        ("sample", .string(sample.size.description)), ("sample_seed", .int(Int(sample.seed))),
        ("audited_on", auditors(\.host)), ("audited_cpu", auditors(\.cpu)),
        ("audited_blas_core", auditors(\.blasCore)),
        ("audited_fingerprint", auditors(\.fingerprint)),
        ("audited_through", JSONValue(connection)),
        ("on_other_host", .int(onOtherHost)), ("on_other_cpu", .int(onOtherCPU)),
      ]
      + AuditedPoint.Verdict.allCases.map { ($0.rawValue, .int(count($0))) }
      + [("made_at", .string(madeAt))]
    return facts.map { JSONValue.Member($0.0, $0.1) }
  }

  /// What is true of those who trained again, each once.
  private func auditors(_ fact: (Auditor) -> String) -> JSONValue {
    let all = Set(auditors.map(fact)).sorted()
    return all.isEmpty ? .null : .string(all.joined(separator: ", "))
  }

  /// How many points went from which host to which.
  private var siteTable: Table {
    struct Way: Hashable {
      let first: TrainingSite
      let again: TrainingSite?

      var words: [String] { [first.host, first.cpu, again?.host ?? "", again?.cpu ?? ""] }
    }
    var table = Table(columns: [
      "made_on", "made_on_cpu", "again_on", "again_on_cpu", .number("points"), .number("equal"),
    ])
    let ways = Dictionary(grouping: audited) {
      Way(first: TrainingSite($0.receipt), again: $0.receiptAgain.map(TrainingSite.init))
    }
    for (way, points) in ways.sorted(by: { $0.key.words.lexicographicallyPrecedes($1.key.words) }) {
      table.append([
        .text(way.first.host), .text(way.first.cpu), Cell(way.again?.host), Cell(way.again?.cpu),
        .integer(points.count), .integer(points.count { $0.verdict == .equal }),
      ])
    }
    return table
  }

  private func points(_ points: [AuditedPoint]) -> Table {
    var table = Table(columns: [
      "key", "architecture", "seeds", "status", "verdict", "made_on", "made_on_cpu", "again_on",
      "again_on_cpu", "result_digest",
      "result_digest_again", .number("test_total_last5", decimals: 4),
      .number("difference"), "reason",
    ])
    for point in points {
      let seeds = point.kept.point.seeds
      let words =
        seeds.shared.map(String.init)
        ?? "\(seeds.initialization), \(seeds.order), \(seeds.noise)"
      let metric = Metric.testTotalLast5
      table.append([
        .text(point.kept.key.short), .text(point.kept.point.configuration.architecture.description),
        .text(words), .text(point.kept.status.rawValue), .text(point.verdict.rawValue),
        .text(point.receipt.host), .text(point.receipt.cpu), Cell(point.receiptAgain?.host),
        Cell(point.receiptAgain?.cpu), .text(point.keptDigest.short),
        Cell(point.againDigest?.short),
        Cell(metric.value(of: point.kept)),
        Cell(point.differences.first { $0.metric == metric }?.difference), Cell(point.reason),
      ])
    }
    return table
  }
}

extension AuditedPoint {
  fileprivate var reason: String? {
    guard case .notTrained(let reason) = again else { return nil }
    return reason
  }

  fileprivate var json: JSONValue {
    .object(
      [JSONValue.Member("key", .string(kept.key.description))]
        + kept.point.configuration.members + kept.point.seeds.members + [
          JSONValue.Member("status", .string(kept.status.rawValue)),
          JSONValue.Member("verdict", .string(verdict.rawValue)),
          JSONValue.Member("result_digest", .string(keptDigest.hex)),
          JSONValue.Member("result_digest_again", JSONValue(againDigest?.hex)),
          JSONValue.Member(
            "differences",
            .object(
              differences.map { JSONValue.Member($0.metric.rawValue, JSONValue($0.difference)) })),
          JSONValue.Member("reason", JSONValue(reason)),
          JSONValue.Member("receipt", self.receipt.json),
          JSONValue.Member("receipt_again", receiptAgain?.json ?? .null),
        ])
  }
}
