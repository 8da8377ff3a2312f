import VAE

/// Turns a block of a sweep file into streams of plain products, rule by rule.
struct GridCompiler {
  /// A block with its values in their one form, and what it became.
  struct Result {
    var block: GridBlock
    /// What axes, zips and whens make.
    var main: [GridStream]
    /// One for each include.
    var added: [GridStream]
    var steps: Grid.Steps
  }

  /// A part that rules still change.
  private struct Draft {
    var factors: [GridFactor]
    var seedAxes: [GridAxis]

    var keys: Set<GridKey> { Set(factors.flatMap(\.keys) + seedAxes.map(\.key)) }
  }

  /// Every `when:` may split each part into those that match and the rest.
  private static let maxParts = 1000

  let block: GridBlock
  let train: [TrainKey: ParameterValue]
  let defaults: GridDefaults

  func compile() throws(GridFault) -> Result {
    var block = block
    let optimizers = block.optimizers(train)
    let normalise = GridNormaliser(train: train, optimizers: optimizers)
    let axes = try normalised(block.axes, normalise) { .axis($0) }
    let zips = try self.zips(optimizers)
    try GridRules(block: block, train: train).checkKeys()
    let (configurationAxes, seedAxes) = (axes.filter { !$0.key.isSeed }, axes.filter(\.key.isSeed))
    var steps = Grid.Steps()
    let base = Draft(
      factors: configurationAxes.map(GridFactor.init) + zips.map(GridFactor.init),
      seedAxes: seedAxes)
    do throws(InvalidValue) {
      let seeds = block.nested.map { [$0.count] } ?? seedAxes.map(\.count)
      steps.grid = try GridSize.product(configurationAxes.map(\.count) + seeds)
      steps.zip = try GridSize.product([steps.grid] + zips.map(\.rows.count))
    } catch {
      throw GridFault(.whole, error)
    }
    let whens = try self.whens(normalise)
    let main = try streams(split(base, whens), nested: block.nested)
    do throws(InvalidValue) {
      steps.when = try GridSize.sum(main.map(\.positions))
    } catch {
      throw GridFault(.whole, error)
    }
    var exclusions: [GridMatch] = []
    for (number, match) in block.exclusions.enumerated() {
      exclusions.append(try normalised(match, normalise) { .exclusion(number, $0) })
    }
    let left = try main.map { (stream) throws(GridFault) in try exclude(exclusions, from: stream) }
    steps.excluded = left.reduce(0) { $0 + $1.excludedPositions }
    let (includes, added) = try self.includes()
    steps.included = added.reduce(0) { $0 + $1.positions }
    block = GridBlock(
      name: block.name, axes: axes, zips: zips, whens: whens, exclusions: exclusions,
      includes: includes, nested: block.nested)
    return Result(block: block, main: left, added: added, steps: steps)
  }

  private func normalised(
    _ axes: [GridAxis], _ normalise: GridNormaliser, at place: (GridKey) -> GridFault.Place
  ) throws(GridFault) -> [GridAxis] {
    var normalised: [GridAxis] = []
    for axis in axes {
      do throws(InvalidValue) {
        normalised.append(try normalise.axis(axis))
      } catch {
        throw GridFault(place(axis.key), error)
      }
    }
    return normalised
  }

  private func normalised(
    _ match: GridMatch, _ normalise: GridNormaliser, at place: (GridKey) -> GridFault.Place
  ) throws(GridFault) -> GridMatch {
    var terms: [GridMatch.Term] = []
    for term in match.terms {
      do throws(InvalidValue) {
        terms.append(GridMatch.Term(key: term.key, values: try normalise.values(of: term)))
      } catch {
        throw GridFault(place(term.key), error)
      }
    }
    return GridMatch(terms)
  }

  private func zips(_ optimizers: [ParameterValue]) throws(GridFault) -> [GridZip] {
    var zips: [GridZip] = []
    for zip in block.zips {
      var rows: [GridFactor.Row] = []
      for (number, row) in zip.rows.enumerated() {
        let normalise = GridNormaliser(
          train: train, optimizers: row.optimizer.map { [$0] } ?? optimizers)
        var normalised: GridFactor.Row = [:]
        for (key, value) in row {
          do throws(InvalidValue) {
            normalised[key] = try normalise.value(value, of: key)
          } catch {
            throw GridFault(.zip(zip.name, row: number, key), error)
          }
        }
        rows.append(normalised)
      }
      zips.append(GridZip(name: zip.name, rows: rows))
    }
    return zips
  }

  private func whens(_ normalise: GridNormaliser) throws(GridFault) -> [GridWhen] {
    var whens: [GridWhen] = []
    for (number, when) in block.whens.enumerated() {
      let condition = try normalised(when.condition, normalise) { .when(number, $0) }
      // An axis may apply to the optimisers alone that its points have.
      let named = condition.optimizers + when.axes.optimizers
      let own = GridNormaliser(
        train: train, optimizers: named.isEmpty ? normalise.optimizers : named)
      whens.append(
        GridWhen(
          condition: condition, axes: try normalised(when.axes, own) { .when(number, $0) }))
    }
    return whens
  }

  /// The parts that all whens make of one.
  private func split(_ base: Draft, _ whens: [GridWhen]) throws(GridFault) -> [Draft] {
    var drafts = [base]
    for (number, when) in whens.enumerated() {
      var split: [Draft] = []
      for draft in drafts {
        let matcher = GridMatcher(factors: draft.factors, seeds: [], defaults: defaults)
        var rest = [draft]
        for box in matcher.boxes(of: when.condition) {
          var left: [Draft] = []
          for piece in rest {
            guard var matching = Self.within(piece, draft, box) else {
              left.append(piece)
              continue
            }
            left += Self.outside(piece, draft, box)
            try add(when.axes, of: number, to: &matching)
            split.append(matching)
          }
          rest = left
        }
        split += rest
        guard split.count <= Self.maxParts else {
          throw GridFault(
            .when(number, nil),
            InvalidValue(
              key: "when", value: "what these conditions make of the grid",
              expected: "at most \(Self.maxParts) parts"))
        }
      }
      drafts = split
    }
    return drafts
  }

  private func add(_ axes: [GridAxis], of when: Int, to draft: inout Draft) throws(GridFault) {
    let known = draft.keys
    for axis in axes {
      guard !known.contains(axis.key) else {
        throw GridFault(
          .when(when, axis.key),
          InvalidValue(
            key: axis.key.description, value: "an axis under when:",
            expected: "left out: the points that match have one of this name already"))
      }
      if axis.key.isSeed {
        draft.seedAxes.append(axis)
      } else {
        draft.factors.append(GridFactor(axis))
      }
    }
  }

  /// The rows of `piece` that lie in `box`, whose places are those of `whole`; nil where none do.
  private static func within(_ piece: Draft, _ whole: Draft, _ box: GridBox) -> Draft? {
    var matching = piece
    for (place, set) in box.enumerated() {
      guard let set else { continue }
      let kept = Set(whole.factors[place].filtered(set).rows)
      let factor = piece.factors[place].keeping { kept.contains($0) }
      if factor.rows.isEmpty { return nil }
      matching.factors[place] = factor
    }
    return matching
  }

  /// The rest of `piece`, in parts without a common point.
  private static func outside(_ piece: Draft, _ whole: Draft, _ box: GridBox) -> [Draft] {
    var rest: [Draft] = []
    var narrowed = piece
    for (place, set) in box.enumerated() {
      guard let set else { continue }
      let taken = Set(whole.factors[place].filtered(set).rows)
      var other = narrowed
      other.factors[place] = narrowed.factors[place].keeping { !taken.contains($0) }
      if !other.factors[place].rows.isEmpty { rest.append(other) }
      narrowed.factors[place] = narrowed.factors[place].keeping { taken.contains($0) }
    }
    return rest
  }

  /// Parts with the same seeds go together.
  private func streams(_ drafts: [Draft], nested: NestedSeeds?) throws(GridFault) -> [GridStream] {
    var groups: [(axes: [GridAxis], parts: [GridPart])] = []
    for draft in drafts {
      do throws(InvalidValue) {
        try GridRules.checkPart(
          draft.factors, seeds: draft.seedAxes, nested: nested, defaults: defaults)
        let part = try GridPart(draft.factors)
        if let group = groups.firstIndex(where: { $0.axes == draft.seedAxes }) {
          groups[group].parts.append(part)
        } else {
          groups.append((draft.seedAxes, [part]))
        }
      } catch {
        throw GridFault(error.key == "factor" ? .nested : .whole, error)
      }
    }
    var streams: [GridStream] = []
    for group in groups {
      do throws(InvalidValue) {
        streams.append(
          try GridStream(group.parts, try GridSeeds(axes: group.axes, nested: nested)))
      } catch {
        throw GridFault(.whole, error)
      }
    }
    return streams
  }

  private func exclude(_ exclusions: [GridMatch], from stream: GridStream) throws(GridFault)
    -> GridStream
  {
    guard !exclusions.isEmpty else { return stream }
    var parts = stream.parts
    for index in parts.indices {
      let matcher = GridMatcher(
        factors: parts[index].factors, seeds: stream.seeds.columns, defaults: defaults)
      let boxes = exclusions.flatMap(matcher.boxes)
      // A nested design has one column, of which nothing can be named.
      parts[index].excluded =
        stream.seeds.nested == nil ? boxes : boxes.map { $0 + [nil] }
    }
    do throws(InvalidValue) {
      return try GridStream(parts, stream.seeds)
    } catch {
      throw GridFault(.whole, error)
    }
  }

  private func includes() throws(GridFault) -> (axes: [[GridAxis]], streams: [GridStream]) {
    var includes: [[GridAxis]] = []
    var streams: [GridStream] = []
    for (number, axes) in block.includes.enumerated() {
      let own = GridBlock(axes: axes)
      let normalise = GridNormaliser(train: train, optimizers: own.optimizers(train))
      let normalised = try normalised(axes, normalise) { .include(number, $0) }
      do throws(GridFault) {
        let draft = Draft(
          factors: normalised.filter { !$0.key.isSeed }.map(GridFactor.init),
          seedAxes: normalised.filter(\.key.isSeed))
        streams += try self.streams([draft], nested: nil)
      } catch {
        throw GridFault(.include(number, nil), error.reason)
      }
      includes.append(normalised)
    }
    return (includes, streams)
  }
}

extension GridStream {
  /// Positions that exclusions leave out.
  fileprivate var excludedPositions: Int {
    parts.reduce(0) { sum, part in
      let counts = part.factors.map(\.rows.count) + seeds.counts
      return sum + BoxCount.union(counts, part.excluded)
    }
  }
}

extension GridFactor {
  fileprivate func keeping(_ test: (Row) -> Bool) -> GridFactor { filtered(places(test)) }
}

extension [GridAxis] {
  /// The values of an axis `optimizer`.
  fileprivate var optimizers: [ParameterValue] {
    guard case .list(let values)? = first(where: { $0.key == .train(.optimizer) })?.values else {
      return []
    }
    return values.compactMap { if case .parameter(let value) = $0 { value } else { nil } }
  }
}

extension GridMatch {
  fileprivate var optimizers: [ParameterValue] {
    terms.map { GridAxis(key: $0.key, values: $0.values) }.optimizers
  }
}

extension GridBlock {
  /// Every optimiser that points of its axes, zips and whens may have.
  func optimizers(_ train: [TrainKey: ParameterValue]) -> [ParameterValue] {
    let own = axes.optimizers + zips.flatMap { $0.rows.compactMap(\.optimizer) }
    let isSet =
      !axes.optimizers.isEmpty
      || zips.contains { zip in
        // One without rows, which is refused with its own words, sets none.
        !zip.rows.isEmpty && zip.rows.allSatisfy { $0.optimizer != nil }
      }
    let usual = isSet ? [] : [train[.optimizer] ?? GridDefaults.usualOptimizer]
    var seen: Set<ParameterValue> = []
    return (own + usual + whens.flatMap(\.axes.optimizers)).filter { seen.insert($0).inserted }
  }
}
