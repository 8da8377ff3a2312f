package import Sweep
import Tables
package import VAE

/// Which of the runs that have a picture's data is shown.
package enum ShownRun: String, CaseIterable, Hashable, Sendable {
  case best
  case median
  case worst

  /// Of `runs` in ascending order of their loss; the lower of the two in the middle.
  func choose(_ runs: [ReportedRun]) -> ReportedRun? {
    switch self {
    case .best: runs.first
    case .median: runs.isEmpty ? nil : runs[(runs.count - 1) / 2]
    case .worst: runs.last
    }
  }

  /// Of `runs`; of an even number none is the median.
  func words(of runs: Int) -> String {
    switch self {
    case .best: "the smallest loss"
    case .median: runs % 2 == 1 ? "the median loss" : "the lower of the two middle losses"
    case .worst: "the largest loss"
    }
  }

  /// Of any number of runs.
  var words: String {
    self == .median
      ? "the median loss, or the lower of the two in the middle" : words(of: 1)
  }
}

/// The data of one picture, asked of the store.
package struct PictureRequest: Hashable, Sendable {
  package let key: PointKey
  package let kind: PictureKind
}

/// A run that is shown, with its data.
struct ShownPicture {
  let configuration: Configuration
  let run: ReportedRun
  /// Runs that have the data, and runs of the configuration that ended well.
  let among: Int
  let completed: Int
  let show: ShownRun
  let arrays: NamedArrays

  /// `seed 7: 151.63 nats, the median loss of 3 runs; key 3fa9c1`.
  var caption: String {
    let loss = run.loss?.shown(decimals: 2) ?? "–"
    let rank =
      among == 1
      ? "the one run of \(completed) with this picture"
      : "\(show.words(of: among)) of the \(among) runs with this picture (of \(completed))"
    return "\(run.seedName): test_total_last5 \(loss) nats, \(rank); key \(run.key.short)"
  }
}

extension Configuration {
  /// `with sampling` or `without sampling`.
  var mode: String { sampling ? "with sampling" : "without sampling" }
}
