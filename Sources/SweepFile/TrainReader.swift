import Sweep
import VAE

/// Reads `train:`, the keys that hold for all points.
struct TrainReader {
  private(set) var values: [TrainKey: ParameterValue] = [:]
  private(set) var places: [TrainKey: Place] = [:]
  private(set) var keyPlaces: [TrainKey: Place] = [:]
  private(set) var valuePlaces = ValuePlaces()

  init(_ train: Entry?) throws(Fault) {
    guard let train else { return }
    for entry in try train.node.entries(of: "train:") {
      guard let key = TrainKey(rawValue: entry.name) else {
        if GridKey(name: entry.name) != nil {
          throw Fault(
            entry.place, "\(entry.name): unknown key under train: (it belongs under grid:)")
        }
        throw DefinitionReader.unknown(
          entry, under: "train", known: TrainKey.allCases.map(\.rawValue))
      }
      if case .sequence = entry.node {
        throw entry.refused(mustBe: "one value (to vary it, move it under grid:)")
      }
      if entry.node.isSpacing {
        throw entry.refused(mustBe: "one value (to vary it, move it under grid:)")
      }
      let value = try ValueReader.parameter(key, entry)
      values[key] = value
      places[key] = entry.node.place ?? entry.place
      valuePlaces.note(.parameter(value), of: .train(key), at: places[key])
      keyPlaces[key] = entry.place
    }
  }
}
