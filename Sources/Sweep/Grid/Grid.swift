package import VAE

/// What a sweep file asks for: the union of its grids, never listed in memory.
///
/// Every position has an index. Configurations vary fastest and seeds slowest, so that a sweep cut
/// short has the same seeds of every configuration; within either group the last axis of the file
/// varies fastest. Several grids advance together, seed by seed. A position is empty where it is
/// excluded, or where its point stands at an earlier one. `point(at:)` and `index(of:)` are each
/// other's inverse; both take time in the number of axes, not of points.
package struct Grid: Sendable {
  /// In the order of the file.
  package let blocks: [GridBlock]
  /// Train keys that hold for all points that no axis gives another value.
  package let train: [TrainKey: ParameterValue]
  /// The input of architectures that are given as hidden layers and latents; all of a sweep have one.
  package let input: Int
  /// How many positions each rule leaves.
  package let steps: Steps
  let streams: [GridStream]
  /// Of each block, the streams that its axes, zips and whens make; its includes follow them.
  let mainStreams: [Range<Int>]
  /// Configurations are numbered stream after stream.
  let numbers: [Range<Int>]
  let rounds: GridRounds
  let defaults: GridDefaults

  /// The positions that the rules leave, in the order in which they apply.
  package struct Steps: Hashable, Sendable {
    /// The product of the axes.
    package var grid = 0
    /// The same times the rows of every zip.
    package var zip = 0
    /// With the axes that only some points have.
    package var when = 0
    /// What `exclude:` takes away.
    package var excluded = 0
    /// What `include:` adds.
    package var included = 0
    /// Different points.
    package var points = 0

    package init() {}

    /// Positions whose point stands at an earlier one.
    package var duplicates: Int { when - excluded + included - points }
  }

  /// Checks that every position has a configuration and seeds, and normalises values (1 and 1.0 are
  /// one learning rate).
  package init(
    blocks: [GridBlock], train: [TrainKey: ParameterValue], input: Int = Architecture.usualInput
  ) throws(GridFault) {
    self.train = train
    self.input = input
    defaults = try Self.defaults(blocks, train)
    var compiled: [GridCompiler.Result] = []
    for (number, block) in blocks.enumerated() {
      do throws(GridFault) {
        compiled.append(
          try GridCompiler(block: block, train: train, defaults: defaults).compile())
      } catch {
        var fault = error
        fault.block = number
        throw fault
      }
    }
    self.blocks = compiled.map(\.block)
    streams = compiled.flatMap { $0.main + $0.added }
    var mainStreams: [Range<Int>] = []
    var numbers: [Range<Int>] = []
    var next = 0
    for block in compiled {
      mainStreams.append(next..<next + block.main.count)
      next += block.main.count + block.added.count
    }
    self.mainStreams = mainStreams
    do throws(InvalidValue) {
      for stream in streams {
        let start = numbers.last?.upperBound ?? 0
        numbers.append(start..<(try GridSize.sum([start, stream.count])))
      }
      rounds = try GridRounds(streams)
      var steps = Steps()
      for own in compiled.map(\.steps) {
        steps.grid = try GridSize.sum([steps.grid, own.grid])
        steps.zip = try GridSize.sum([steps.zip, own.zip])
        steps.when = try GridSize.sum([steps.when, own.when])
        steps.excluded += own.excluded
        steps.included = try GridSize.sum([steps.included, own.included])
      }
      steps.points = try GridCells(streams, train: train, defaults: defaults).points()
      self.steps = steps
    } catch {
      throw GridFault(.whole, error)
    }
    self.numbers = numbers
  }

  /// One grid without zips, whens and includes.
  package init(
    axes: [GridAxis], train: [TrainKey: ParameterValue], exclusions: [[GridKey: GridValue]] = [],
    nested: NestedSeeds? = nil
  ) throws(InvalidValue) {
    do throws(GridFault) {
      let block = GridBlock(
        axes: axes, exclusions: exclusions.map { GridMatch($0) }, nested: nested)
      self = try Grid(blocks: [block], train: train)
    } catch {
      throw error.reason
    }
  }

  /// Every key under `train:` applies to some optimiser that points have.
  private static func defaults(_ blocks: [GridBlock], _ train: [TrainKey: ParameterValue])
    throws(GridFault) -> GridDefaults
  {
    let optimizers = blocks.flatMap { block in
      block.optimizers(train)
        + block.includes.flatMap { GridBlock(axes: $0).optimizers(train) }
    }
    let known = optimizers.enumerated().filter { optimizers.firstIndex(of: $1) == $0 }
    let normalise = GridNormaliser(train: train, optimizers: known.map(\.element))
    for key in TrainKey.allCases {
      guard let value = train[key] else { continue }
      do throws(InvalidValue) {
        _ = try normalise.value(.parameter(value), of: .train(key))
      } catch {
        throw GridFault(.train(key), error)
      }
    }
    do throws(InvalidValue) {
      return try GridDefaults(train: train, optimizers: optimizers)
    } catch {
      throw GridFault(.whole, error)
    }
  }

  /// Positions of the whole union, excluded and repeated ones included.
  package var positions: Int { rounds.positions }

  /// At most so many points share one configuration.
  package var seedCount: Int { streams.reduce(0) { $0 + $1.seeds.count } }

  /// Whether `seed` is the one seed axis everywhere, so that a seed alone tells replicates apart.
  package var hasSharedSeeds: Bool { streams.allSatisfy { $0.seeds.shared != nil } }

  /// Whether some architecture is given as hidden layers and latents, so that `input` is its input.
  package var hasHalves: Bool {
    streams.contains { stream in
      stream.parts.contains { part in part.factors.contains { $0.keys.contains(.hidden) } }
    }
  }

  /// Whether some seeds stand in a nested design.
  package var isNested: Bool { blocks.contains { $0.nested != nil } }

  /// The values of the train key `limit` over the grid; nil stands for all training images.
  package var limits: [Int?] {
    let limits = values(of: .limit).map { value -> Int? in
      if case .int(let limit) = value { limit } else { nil }
    }
    return limits.sorted { ($0 ?? .max) < ($1 ?? .max) }
  }

  /// Epochs of its longest runs.
  package var longestRun: Int {
    values(of: .epochs).map { if case .int(let epochs) = $0 { epochs } else { 0 } }.max() ?? 0
  }

  /// The values of a train key over the grid, at its default where nothing names it.
  package func values(of trainKey: TrainKey) -> Set<ParameterValue> {
    var values: Set<ParameterValue> = []
    let key = GridKey.train(trainKey)
    let usual = train[trainKey] ?? trainKey.defaultValue
    for part in streams.flatMap(\.parts) {
      let rows = part.factors.first { $0.keys.contains(key) }?.rows ?? [[:]]
      for row in rows {
        if case .parameter(let value)? = row[key] {
          values.insert(value)
        } else {
          values.insert(usual)
        }
      }
    }
    return values
  }
}

extension Grid: Hashable {
  package static func == (left: Grid, right: Grid) -> Bool {
    left.blocks == right.blocks && left.train == right.train && left.input == right.input
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(blocks)
    hasher.combine(train)
    hasher.combine(input)
  }
}
