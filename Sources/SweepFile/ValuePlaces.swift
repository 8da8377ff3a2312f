import Sweep
package import VAE

/// Where a grid, or `train:`, names the values of train keys: of one that stands several times the first
/// place.
struct ValuePlaces: Sendable {
  private var places: [TrainKey: [ParameterValue: Place]] = [:]

  mutating func note(_ value: GridValue, of key: GridKey, at place: Place?) {
    guard case .train(let key) = key, case .parameter(let parameter) = value, let place,
      places[key]?[parameter] == nil
    else { return }
    places[key, default: [:]][parameter] = place
  }

  /// Nil where it is not named.
  func place(of key: TrainKey, _ value: ParameterValue) -> Place? { places[key]?[value] }

  /// The values of a key, in the order of their lines.
  func values(of key: TrainKey) -> [(value: ParameterValue, place: Place)] {
    (places[key] ?? [:]).map { (value: $0.key, place: $0.value) }.sorted {
      ($0.place.line ?? 0, $0.value.description) < ($1.place.line ?? 0, $1.value.description)
    }
  }
}

/// The values of train keys that a sweep file names, with their places: a fault that shows only when
/// they come together, or meet a dataset, has a line too.
struct NamedValues: Sendable {
  var train = ValuePlaces()
  /// One for each grid of the file.
  var blocks: [ValuePlaces] = []

  /// - Parameter number: Of the grid; nil for whichever names it first.
  func place(of key: TrainKey, _ value: ParameterValue, inBlock number: Int?) -> Place? {
    let own = number.map { blocks.indices.contains($0) ? [blocks[$0]] : [] } ?? blocks
    return (own + [train]).lazy.compactMap { $0.place(of: key, value) }.first
  }
}

extension SweepFile.Contents {
  /// Where a value of a train key stands, `x.yaml:7`; nil where the file does not name it.
  ///
  /// - Parameter number: Of the grid that it is a value of; nil for whichever names it first.
  package func place(of key: TrainKey, _ value: ParameterValue, inBlock number: Int? = nil)
    -> String?
  {
    values.place(of: key, value, inBlock: number)?.description
  }
}
