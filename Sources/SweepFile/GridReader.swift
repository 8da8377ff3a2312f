import Sweep
import VAE

/// Reads the grids of a sweep file and joins them, each fault on its line.
struct GridReader {
  private static let itemKeys = ["name"] + BlockReader.keys
  static let maxGrids = 100

  /// What stands at the top of the file.
  let top: [String: Entry]
  let root: Place?
  let input: ArchitectureInput

  /// - Parameters:
  ///   - warnings: Takes what is accepted and does nothing.
  ///   - values: Takes where the values of train keys stand.
  func read(warnings: inout [Fault], values: inout NamedValues) throws(Fault) -> Grid {
    let train = try TrainReader(top["train"])
    var readers = try self.readers(train)
    var blocks: [GridBlock] = []
    for index in readers.indices { blocks.append(try readers[index].read()) }
    for reader in readers { try check(train, reader) }
    let whole = try join(blocks, train, readers)
    values = NamedValues(train: train.valuePlaces, blocks: readers.map(\.valuePlaces))
    warnings += Self.idle(values, in: whole) + Self.idleOfKL(values, in: whole)
    let rest = try readers.enumerated().map { (number, reader) throws(Fault) in
      try reader.excluding(from: whole, number, warnings: &warnings)
    }
    guard rest.contains(where: { !$0.exclusions.isEmpty }) else { return whole }
    let grid = try join(rest, train, readers)
    guard grid.count().points > 0 else {
      throw Fault(readers[0].excludePlace, "exclude: leaves no point of the grid")
    }
    return grid
  }

  /// Of each value that no run is long enough for, what it comes to.
  private static func idle(_ values: NamedValues, in grid: Grid) -> [Fault] {
    let longest = grid.longestRun
    var warnings: [Fault] = []
    for key in TrainKey.allCases where key.dependsOnEpochs {
      for (value, place) in ([values.train] + values.blocks).flatMap({ $0.values(of: key) }) {
        let effective = key.effective(value, epochs: longest)
        guard effective != value else { continue }
        warnings.append(
          Fault(
            place,
            "\(key.rawValue): \(value) trains as \(effective) does within \(longest.of("epoch")), and "
              + "is another configuration all the same"))
      }
    }
    return warnings
  }

  /// Of each value of the KL term's keys that no run does justice to, why: by the axes alone, as there
  /// may be more configurations than can be gone through.
  private static func idleOfKL(_ values: NamedValues, in grid: Grid) -> [Fault] {
    let isWeightless = grid.values(of: .klWeight) == [.double(0)]
    let longest = grid.longestRun
    return [TrainKey.klWarmup, .klCycles, .freeBits].flatMap { key in
      ([values.train] + values.blocks).flatMap { $0.values(of: key) }.compactMap { value, place in
        let words: String
        switch value {
        case key.defaultValue: return nil
        case _ where isWeightless:
          words = "changes nothing where kl_weight is 0, and is another configuration all the same"
        case .int(let epochs) where key == .klWarmup && epochs > longest:
          words =
            "is more epochs than a run of \(longest) has: the KL term does not come to its full weight"
        default: return nil
        }
        return Fault(place, "\(key.rawValue): \(value.short) \(words)")
      }
    }
  }

  private func join(_ blocks: [GridBlock], _ train: TrainReader, _ readers: [BlockReader])
    throws(Fault) -> Grid
  {
    do throws(GridFault) {
      return try Grid(blocks: blocks, train: train.values, input: input.pixels)
    } catch {
      throw Fault(readers[error.block].place(of: error), error.reason.description)
    }
  }

  private func readers(_ train: TrainReader) throws(Fault) -> [BlockReader] {
    guard let grids = top["grids"] else {
      guard top["grid"] != nil else {
        throw Fault(root, "grid: is missing: it lists the architectures and seeds to train")
      }
      return [BlockReader(name: nil, top, at: root, train: train, input: input)]
    }
    for key in BlockReader.keys {
      guard let beside = top[key] else { continue }
      throw Fault(
        beside.place, "\(key): stands beside grids: move it under the grid that it belongs to")
    }
    guard case .sequence(let list) = grids.node, !list.isEmpty else {
      throw grids.refused(
        mustBe: "a list of grids, as in - {name: page, grid: {architecture: 784-256-2, seed: 0..9}}"
      )
    }
    guard list.count <= Self.maxGrids else {
      throw grids.fault("\(list.count) grids: at most \(Self.maxGrids) are accepted")
    }
    var readers: [BlockReader] = []
    var names: Set<String> = []
    for item in list {
      let place = item.place ?? grids.place
      var entries: [String: Entry] = [:]
      for entry in try item.entries(of: "grids:") {
        guard Self.itemKeys.contains(entry.name) else {
          throw DefinitionReader.unknown(entry, under: "grids", known: Self.itemKeys)
        }
        entries[entry.name] = entry
      }
      guard let entry = entries["name"] else {
        throw Fault(place, "grids: a grid has no name: give it one, as in name: page")
      }
      guard let name = entry.node.text, !entry.node.isNull, DefinitionReader.isName(name) else {
        throw entry.refused(mustBe: "a name of letters, digits, '-' and '_'")
      }
      guard names.insert(name).inserted else {
        throw entry.fault("\(name) stands twice under grids:")
      }
      readers.append(BlockReader(name: name, entries, at: place, train: train, input: input))
    }
    return readers
  }

  /// A key has one value for all points, or an axis.
  private func check(_ train: TrainReader, _ reader: BlockReader) throws(Fault) {
    for key in TrainKey.allCases {
      guard train.values[key] != nil, let axis = reader.axisPlaces[.train(key)] else { continue }
      let place = train.keyPlaces[key]
      let other =
        axis.source == place?.source ? axis.line.map { "line \($0)" } : axis.description
      throw Fault(
        place,
        "\(key.rawValue): given under train: and under grid: (\(other ?? axis.source)): keep one of them"
      )
    }
  }
}
