import Study
package import Sweep
import VAE

/// Writes what lies below an outcome one line at a time: its epochs, or its latents.
///
/// Every line carries its outcome's key, configuration and seeds, so that it can be grouped without a
/// join. The columns are the same whatever the sweep.
package struct DetailExport {
  package enum Detail: Hashable, Sendable {
    case epochs
    case latents
  }

  private let detail: Detail
  private let format: ExportFormat

  package init(_ detail: Detail, _ format: ExportFormat) {
    self.detail = detail
    self.format = format
  }

  /// What stands before the first line: the heading of `csv`.
  package var header: String {
    format == .csv ? CSV.line(Self.outcomeColumns + detailColumns) : ""
  }

  /// The lines of one outcome, each ended; none of latents where it diverged.
  package func lines(_ outcome: Outcome) -> String {
    let own = outcomeMembers(outcome)
    return details(outcome).map { detail in
      let members = own + detail
      switch format {
      case .jsonl: return JSONValue.object(members).compact + "\n"
      case .csv: return CSV.line(members.map { Cell(json: $0.value).csv })
      }
    }.joined()
  }

  private static let outcomeColumns =
    ["key"] + ConfigurationKey.all.map(\.description)
    + ["seed", "init_seed", "order_seed", "noise_seed", "status"]

  private func outcomeMembers(_ outcome: Outcome) -> [JSONValue.Member] {
    let point = outcome.point
    return [JSONValue.Member("key", .string(outcome.key.description))]
      + ConfigurationKey.all.map {
        JSONValue.Member($0.description, $0.value(in: point.configuration))
      }
      + [JSONValue.Member("seed", JSONValue(point.seeds.shared.map(Int.init)))]
      + point.seeds.members + [JSONValue.Member("status", .string(outcome.status.rawValue))]
  }

  private var detailColumns: [String] {
    switch detail {
    case .epochs: ["epoch"] + EpochRecord.fields.map(\.name)
    case .latents: ["latent"] + LatentStatistics.fields.map(\.name) + ["collapsed"]
    }
  }

  private func details(_ outcome: Outcome) -> [[JSONValue.Member]] {
    switch detail {
    case .epochs:
      outcome.result.history.map { record in
        [JSONValue.Member("epoch", .int(record.epoch))]
          + EpochRecord.fields.map { $0.member(of: record) }
      }
    case .latents:
      (outcome.measurements?.latents ?? []).enumerated().map { index, latent in
        // Without sampling the scale of the code is arbitrary.
        let collapsed: JSONValue =
          outcome.point.configuration.sampling ? .bool(latent.varMu < collapseThreshold) : .null
        return [JSONValue.Member("latent", .int(index))]
          + LatentStatistics.fields.map { $0.member(of: latent) }
          + [JSONValue.Member("collapsed", collapsed)]
      }
    }
  }
}
