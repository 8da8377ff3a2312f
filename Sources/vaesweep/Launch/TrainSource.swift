import Dataset
import ResultStore
import Sweep

/// What `vaesweep train` is to train.
enum TrainSource {
  /// What was asked for in place of what the store has.
  struct Choice {
    let dataset: String?
    let blasCore: String?
  }

  case new(Point, dataset: String, blasCore: String)
  case stored(StoredPoint, Choice)

  var point: Point {
    switch self {
    case .new(let point, _, _): point
    case .stored(let stored, _): stored.kept.outcome.point
    }
  }

  /// The one that made the outcome, where it is to be made again.
  var blasCore: String {
    switch self {
    case .new(_, _, let core): core
    case .stored(let stored, let choice): choice.blasCore ?? stored.results.terms.blasCore
    }
  }

  func dataset(_ data: DataOptions) throws(CommandError) -> PreparedDataset {
    switch self {
    case .new(_, let name, _):
      try data.prepare(name, allowFetch: data.data == nil)
    case .stored(let stored, let choice): try stored.results.dataset(choice.dataset, data)
    }
  }
}
