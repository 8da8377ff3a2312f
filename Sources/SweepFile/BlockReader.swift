import Sweep
import VAE

/// Reads one grid with its rules, and remembers where each part of it stands.
struct BlockReader {
  static let keys = ["grid", "zip", "when", "exclude", "include", "variance"]
  /// Conditions, exclusions and inclusions of one grid.
  static let maxRules = 1000

  private let name: String?
  private let entries: [String: Entry]
  /// Where the grid begins.
  private let place: Place?
  private let train: TrainReader
  private let input: ArchitectureInput
  private var places: [GridFault.Place: Place] = [:]
  private(set) var axisPlaces: [GridKey: Place] = [:]
  private(set) var valuePlaces = ValuePlaces()

  init(
    name: String?, _ entries: [String: Entry], at place: Place?, train: TrainReader,
    input: ArchitectureInput
  ) {
    self.input = input
    self.name = name
    self.entries = entries
    self.place = entries["grid"]?.place ?? place
    self.train = train
  }

  /// The grid without its exclusions, which need its axes.
  mutating func read() throws(Fault) -> GridBlock {
    let nested = try entries["variance"].flatMap { (entry) throws(Fault) in
      try VarianceReader.read(entry)
    }
    guard let grid = entries["grid"] else {
      throw Fault(place, "grid: is missing: it lists the architectures and seeds to train")
    }
    var axes: [GridAxis] = []
    for entry in try grid.node.entries(of: "grid:") {
      let axis = try self.axis(entry, under: "grid")
      axes.append(axis)
      places[.axis(axis.key)] = entry.place
      axisPlaces[axis.key] = entry.place
    }
    let zips = try self.zips()
    let whens = try self.whens(after: axes, zips)
    let keys =
      axes.map(\.key) + zips.flatMap { $0.rows.flatMap(\.keys) }
      + whens.flatMap { $0.axes.map(\.key) }
    try checkPresence(of: Set(keys), isNested: nested != nil, at: grid)
    return GridBlock(
      name: name, axes: axes, zips: zips, whens: whens, includes: try includes(), nested: nested)
  }

  /// The grid with its exclusions.
  ///
  /// - Parameters:
  ///   - whole: The sweep's grid without exclusions.
  ///   - number: Which of its blocks this is.
  func excluding(
    from whole: Grid, _ number: Int, warnings: inout [Fault]
  ) throws(Fault) -> GridBlock {
    let block = whole.blocks[number]
    var exclusions: [GridMatch] = []
    for item in try rules(.exclude) {
      let entries = try item.entries(of: "exclude:")
      guard !entries.isEmpty else {
        throw Fault(
          item.place ?? self.entries["exclude"]?.place,
          "exclude: an empty exclusion: name at least one value")
      }
      let terms = try MatchReader.match(
        entries, under: "exclude", known: keys(of: block), input)
      if let match = standing(terms, in: whole, number, "exclusion", &warnings) {
        exclusions.append(match)
      }
    }
    for (index, when) in block.whens.enumerated() {
      let place = places[.when(index, nil)]
      let entries = when.condition.terms.map { term in
        (
          term: term,
          entry: Entry(
            name: term.key.description, place: places[.when(index, term.key)] ?? place,
            node: .null(places[.when(index, term.key)] ?? place))
        )
      }
      _ = standing(entries, in: whole, number, "condition", &warnings)
    }
    return GridBlock(
      name: block.name, axes: block.axes, zips: block.zips, whens: block.whens,
      exclusions: exclusions, includes: block.includes, nested: block.nested)
  }

  /// Where a fault of the grid stands in the file.
  func place(of fault: GridFault) -> Place? {
    if let place = places[fault.place] { return place }
    switch fault.place {
    case .axis: return place
    case .zip(let name, let row, _): return places[.zip(name, row: row, nil)] ?? place
    case .when(let number, _): return places[.when(number, nil)] ?? place
    case .include(let number, let key):
      return key == nil
        ? GridKey(name: fault.reason.key).flatMap { places[.include(number, $0)] } ?? place
        : places[.include(number, nil)] ?? place
    case .exclusion: return entries["exclude"]?.place
    case .train(let key): return train.places[key]
    case .nested: return entries["variance"]?.node.place
    case .whole: return GridKey(name: fault.reason.key).flatMap { axisPlaces[$0] } ?? place
    }
  }

  var excludePlace: Place? { entries["exclude"]?.place ?? place }

  private mutating func axis(_ entry: Entry, under place: String) throws(Fault) -> GridAxis {
    guard let key = GridKey(name: entry.name) else {
      throw DefinitionReader.unknown(entry, under: place, known: GridKey.names)
    }
    return try AxisReader.axis(key, entry, input, &valuePlaces)
  }

  /// A key with a list of rules under it.
  private enum Rule: String {
    case when, exclude, include

    var example: String {
      switch self {
      case .when: "- {if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}"
      case .exclude: "- {architecture: 784-256-2, sampling: false}"
      case .include: "- {architecture: 784-400-20, seed: 0..9}"
      }
    }
  }

  /// The items of a list of rules; none where nothing is written.
  private func rules(_ rule: Rule) throws(Fault) -> [Node] {
    guard let entry = entries[rule.rawValue], !entry.node.isNull else { return [] }
    guard case .sequence(let list) = entry.node else {
      throw entry.refused(mustBe: "a list of mappings, as in \(rule.example)")
    }
    guard list.count <= Self.maxRules else {
      throw entry.fault("\(list.count) of them: at most \(Self.maxRules) are accepted")
    }
    return Array(list)
  }

  private mutating func zips() throws(Fault) -> [GridZip] {
    guard let zip = entries["zip"] else { return [] }
    var zips: [GridZip] = []
    for entry in try zip.node.entries(of: "zip:") {
      let example = "a list of rows, as in - {hidden: [256, 32], latent_dim: 4}"
      guard DefinitionReader.isName(entry.name) else {
        throw Fault(entry.place, "\(entry.name): a zip has a name of letters, digits, '-' and '_'")
      }
      guard case .sequence(let list) = entry.node else { throw entry.refused(mustBe: example) }
      places[.zip(entry.name, row: 0, nil)] = entry.place
      var rows: [[GridKey: GridValue]] = []
      for item in list {
        places[.zip(entry.name, row: rows.count, nil)] = item.place ?? entry.place
        guard case .mapping = item else {
          throw Entry(name: entry.name, place: entry.place, node: item).refused(
            mustBe: "a row of keys, as in {hidden: [256, 32], latent_dim: 4}")
        }
        var row: [GridKey: GridValue] = [:]
        for cell in try item.entries(of: "\(entry.name):") {
          guard let key = GridKey(name: cell.name) else {
            throw DefinitionReader.unknown(
              cell, under: "zip: \(entry.name)", known: GridKey.names)
          }
          places[.zip(entry.name, row: rows.count, key)] = cell.place
          let value = try ValueReader.value(key, cell, input)
          valuePlaces.note(value, of: key, at: cell.node.place ?? cell.place)
          row[key] = value
        }
        rows.append(row)
      }
      zips.append(GridZip(name: entry.name, rows: rows))
    }
    return zips
  }

  private mutating func whens(after axes: [GridAxis], _ zips: [GridZip]) throws(Fault)
    -> [GridWhen]
  {
    var known = Set(axes.map(\.key) + zips.flatMap { $0.rows.flatMap(\.keys) })
    known.formUnion(TrainKey.allCases.map(GridKey.train))
    var whens: [GridWhen] = []
    for (number, item) in try rules(.when).enumerated() {
      places[.when(number, nil)] = item.place ?? entries["when"]?.place
      var parts: [String: Entry] = [:]
      for entry in try item.entries(of: "when:") {
        guard ["if", "grid"].contains(entry.name) else {
          throw DefinitionReader.unknown(entry, under: "when", known: ["if", "grid"])
        }
        parts[entry.name] = entry
      }
      guard let condition = parts["if"], let grid = parts["grid"] else {
        throw Fault(
          item.place ?? entries["when"]?.place,
          "when: has no \(parts["if"] == nil ? "if" : "grid"): give both, as in "
            + "{if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}")
      }
      let conditions = try condition.node.entries(of: "if:")
      guard !conditions.isEmpty else { throw condition.fault("names no value: give at least one") }
      for entry in conditions {
        if GridKey(name: entry.name)?.isSeed == true {
          throw Fault(
            entry.place,
            "\(entry.name): a condition can't ask for seeds: give them a grid of their own")
        }
        places[GridKey(name: entry.name).map { .when(number, $0) } ?? .whole] = entry.place
      }
      let terms = try MatchReader.match(conditions, under: "if", known: known, input)
      var own: [GridAxis] = []
      for entry in try grid.node.entries(of: "grid:") {
        let axis = try self.axis(entry, under: "grid")
        places[.when(number, axis.key)] = entry.place
        own.append(axis)
      }
      guard !own.isEmpty else { throw grid.fault("has no axis: give at least one") }
      known.formUnion(own.map(\.key))
      whens.append(GridWhen(condition: GridMatch(terms.map(\.term)), axes: own))
    }
    return whens
  }

  private mutating func includes() throws(Fault) -> [[GridAxis]] {
    var includes: [[GridAxis]] = []
    for (number, item) in try rules(.include).enumerated() {
      let own = item.place ?? entries["include"]?.place
      places[.include(number, nil)] = own
      var axes: [GridAxis] = []
      for var entry in try item.entries(of: "include:") {
        // `hidden: [256, 32]` is one net here.
        if entry.name == "hidden", entry.node.listOrOne.contains(where: { $0.wholeNumber != nil }) {
          let net = Node.sequence(Node.Items(nodes: [entry.node], place: entry.node.place))
          entry = Entry(name: entry.name, place: entry.place, node: net)
        }
        let axis = try self.axis(entry, under: "include")
        places[.include(number, axis.key)] = entry.place
        axes.append(axis)
      }
      try checkPresence(
        of: Set(axes.map(\.key)), isNested: false,
        at: Entry(name: "include", place: own, node: item))
      includes.append(axes)
    }
    return includes
  }

  private func keys(of block: GridBlock) -> Set<GridKey> {
    Set(
      block.axes.map(\.key) + block.zips.flatMap { $0.rows.flatMap(\.keys) }
        + block.whens.flatMap { $0.axes.map(\.key) } + train.values.keys.map(GridKey.train))
  }

  /// The terms with the values that some point has, with a warning of each value that none has; nil
  /// where nothing is left.
  private func standing(
    _ terms: [(term: GridMatch.Term, entry: Entry)], in whole: Grid, _ number: Int,
    _ rule: String, _ warnings: inout [Fault]
  ) -> GridMatch? {
    var kept: [GridMatch.Term] = []
    var isEmpty = false
    for (term, entry) in terms {
      let values = whole.standing(term, in: number)
      if let values { kept.append(GridMatch.Term(key: term.key, values: values)) }
      guard values != term.values else { continue }
      isEmpty = isEmpty || values == nil
      warnings.append(
        entry.fault(
          "\(term.written(without: values)): no point of the grid has it"
            + (values == nil ? ", so that this \(rule) matches nothing" : "")))
    }
    return isEmpty ? nil : GridMatch(kept)
  }

  private func checkPresence(of keys: Set<GridKey>, isNested: Bool, at grid: Entry) throws(Fault) {
    guard keys.contains(.architecture) || keys.isSuperset(of: [.hidden, .latentDim]) else {
      let half =
        keys.contains(.hidden)
        ? "has hidden but no latent_dim"
        : keys.contains(.latentDim) ? "has latent_dim but no hidden" : "has no architecture"
      throw Fault(
        grid.place, "\(grid.name): \(half): give architecture, or both hidden and latent_dim")
    }
    guard
      isNested || keys.contains(.seed) || keys.isSuperset(of: [.initSeed, .orderSeed, .noiseSeed])
    else {
      throw Fault(
        grid.place,
        "\(grid.name): has no seed: give seed, as in seed: 0..19, or init_seed, order_seed and "
          + "noise_seed")
    }
  }
}

extension GridMatch.Term {
  /// The values that are not in `kept`, as a message shows them.
  fileprivate func written(without kept: GridAxis.Values?) -> String {
    guard let kept else { return values.written }
    switch (values, kept) {
    case (.list(let all), .list(let kept)):
      return GridAxis.Values.list(all.filter { !kept.contains($0) }).written
    case (.list(let all), .seeds(let range)):
      return GridAxis.Values.list(
        all.filter { if case .seed(let seed) = $0 { !range.contains(seed) } else { true } }
      ).written
    case (.seeds(let all), .seeds(let range)):
      let gaps = SeedRanges([all]).subtracting(SeedRanges([range])).ranges
      return gaps.map { GridAxis.Values.seeds($0).written }.joined(separator: ", ")
    case (.seeds(let all), .list):
      return "some of \(GridAxis.Values.seeds(all).written)"
    }
  }
}
