import Sweep
import TestSupport
import VAE

/// A small sweep file drawn at random, as text and as what the text asks for.
struct RandomGridFile {
  private(set) var blocks: [GridBlock] = []
  private(set) var train: [TrainKey: ParameterValue] = [:]

  private var random: SeededGenerator

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let count = one(in: 3) ? Int.random(in: 2...3, using: &random) : 1
    if one(in: 4) { train[.klWeight] = .double(2) }
    if one(in: 6) { train[.optimizer] = .string("rmsprop") }
    for number in 0..<count { blocks.append(try block(count == 1 ? nil : "g\(number)")) }
  }

  private mutating func one(in chances: Int) -> Bool {
    Int.random(in: 0..<chances, using: &random) == 0
  }

  private mutating func some<Value>(of values: [Value], atMost most: Int = 3) -> [Value] {
    let count = Int.random(in: 1...min(most, values.count), using: &random)
    return Array(values.shuffled(using: &random).prefix(count))
  }

  private static let nets = ["784-3-2", "784-3-4", "784-5-3-2"]
  private static let hidden = [[3], [5, 3]]
  private static let doubles: [TrainKey: [Double]] = [
    .learningRate: [0.001, 0.1], .klWeight: [1, 2], .rho: [0.9, 0.5, 0.25],
    .momentum: [0.9, 0], .beta1: [0.9, 0.8],
  ]

  private func architectures(_ names: [String]) throws -> [GridValue] {
    try names.map { .architecture(try Architecture(parsing: $0)) }
  }

  private func numbers(_ key: TrainKey) -> [GridValue] {
    (Self.doubles[key] ?? []).map { .parameter(.double($0)) }
  }

  /// Keys that apply to some of these optimisers alone.
  private func special(_ optimizers: [String]) -> [TrainKey] {
    (optimizers.contains("rmsprop") ? [.rho] : []) + (optimizers.contains("sgd") ? [.momentum] : [])
      + (optimizers.contains("adam") ? [.beta1] : [])
  }

  private mutating func block(_ name: String?) throws -> GridBlock {
    var axes: [GridAxis] = []
    var zips: [GridZip] = []
    var optimizers = [train[.optimizer]?.description ?? "adam"]
    func list(_ key: GridKey, _ values: [GridValue]) -> GridAxis {
      GridAxis(key: key, values: .list(values))
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      axes.append(list(.hidden, some(of: Self.hidden.map(GridValue.hidden))))
      axes.append(list(.latentDim, some(of: [2, 4].map(GridValue.latentDim))))
    case 1: zips.append(shapes())
    default:
      axes.append(list(.architecture, some(of: try architectures(Self.nets), atMost: 2)))
    }
    if train[.optimizer] == nil, one(in: 2) {
      optimizers = some(of: ["adam", "rmsprop", "sgd"])
      axes.append(
        list(.train(.optimizer), optimizers.map { .parameter(.string($0)) }))
    }
    if one(in: 4) {
      axes.append(list(.train(.sampling), some(of: [true, false].map { .parameter(.bool($0)) })))
    }
    var free = special(optimizers)
    if one(in: 2), let key = free.randomElement(using: &random) {
      axes.append(list(.train(key), some(of: numbers(key))))
      free.removeAll { $0 == key }
    }
    if train[.klWeight] == nil, one(in: 4) { zips.append(weights()) }
    axes += seeds()
    axes.shuffle(using: &random)
    let whens = self.whens(axes, zips, optimizers, free)
    let known = axes.filter { !$0.key.isSeed } + zips.flatMap(Self.axes) + whens.flatMap(\.axes)
    var exclusions: [GridMatch] = []
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      exclusions.append(try match(known + axes.filter(\.key.isSeed)))
    }
    var includes: [[GridAxis]] = []
    for _ in 0..<(one(in: 3) ? Int.random(in: 1...2, using: &random) : 0) {
      var axes = [
        list(.architecture, some(of: try architectures(Self.nets), atMost: 2)),
        GridAxis(key: .seed, values: .seeds(0...UInt32.random(in: 0...2, using: &random))),
      ]
      if one(in: 2) {
        axes.append(list(.train(.klWeight), some(of: numbers(.klWeight))))
      }
      includes.append(axes)
    }
    return GridBlock(
      name: name, axes: axes, zips: zips, whens: whens, exclusions: exclusions,
      includes: includes)
  }

  private mutating func shapes() -> GridZip {
    var rows: [[GridKey: GridValue]] = []
    for hidden in some(of: Self.hidden) {
      rows.append([.hidden: .hidden(hidden), .latentDim: .latentDim(one(in: 2) ? 2 : 4)])
      if one(in: 2), train[.klWeight] == nil {
        rows[rows.count - 1][.train(.batchSize)] = .parameter(.int(64))
      }
    }
    return GridZip(name: "shape", rows: rows)
  }

  private mutating func weights() -> GridZip {
    let rows: [[GridKey: GridValue]] = [
      [.train(.klWeight): .parameter(.double(1)), .train(.epochs): .parameter(.int(2))],
      [.train(.klWeight): .parameter(.double(2))], [.train(.epochs): .parameter(.int(2))],
      [.train(.epochs): .parameter(.int(50)), .train(.klWeight): .parameter(.double(2))],
    ]
    return GridZip(name: "weight", rows: some(of: rows))
  }

  private mutating func seeds() -> [GridAxis] {
    func range(_ key: GridKey, _ count: UInt32, from first: UInt32 = 0) -> GridAxis {
      GridAxis(key: key, values: .seeds(first...first + count - 1))
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return [GridAxis(key: .seed, values: .list([.seed(2), .seed(0)]))]
    case 1: return [range(.seed, 2), range(.initSeed, 2)]
    case 2: return [range(.seed, 1), range(.orderSeed, 3)]
    case 3: return [range(.initSeed, 2), range(.orderSeed, 2), range(.noiseSeed, 1)]
    default:
      return [range(.seed, UInt32.random(in: 1...3, using: &random), from: one(in: 3) ? 1 : 0)]
    }
  }

  private mutating func whens(
    _ axes: [GridAxis], _ zips: [GridZip], _ optimizers: [String], _ free: [TrainKey]
  ) -> [GridWhen] {
    var whens: [GridWhen] = []
    var known = axes.filter { !$0.key.isSeed } + zips.flatMap(Self.axes)
    var unused: [TrainKey] = [.learningRate]
    unused.shuffle(using: &random)
    for key in free where one(in: 3) {
      let owner: [TrainKey: String] = [.rho: "rmsprop", .momentum: "sgd", .beta1: "adam"]
      let condition = GridMatch([
        .train(.optimizer): .parameter(.string(owner[key] ?? "adam"))
      ])
      let axis = GridAxis(key: .train(key), values: .list(some(of: numbers(key))))
      whens.append(GridWhen(condition: condition, axes: [axis]))
      known.append(axis)
    }
    if one(in: 3), let key = unused.popLast(), let condition = try? match(known) {
      let axis = GridAxis(key: .train(key), values: .list(some(of: numbers(key))))
      whens.append(GridWhen(condition: condition, axes: [axis]))
    }
    let seedKeys = axes.map(\.key).filter(\.isSeed)
    if one(in: 4), seedKeys == [.seed], let condition = try? match(known) {
      whens.append(
        GridWhen(
          condition: condition,
          axes: [GridAxis(key: .noiseSeed, values: .seeds(0...1))]))
    }
    return whens
  }

  /// The values that rows give each key.
  private static func axes(of zip: GridZip) -> [GridAxis] {
    var values: [GridKey: [GridValue]] = [:]
    for row in zip.rows {
      for (key, value) in row where !(values[key] ?? []).contains(value) {
        values[key, default: []].append(value)
      }
    }
    return values.sorted { $0.key.description < $1.key.description }.map {
      GridAxis(key: $0.key, values: .list($0.value))
    }
  }

  /// One or two keys, each with one or two of its values; of a shape by any of its names.
  private mutating func match(_ axes: [GridAxis]) throws -> GridMatch {
    var terms: [GridMatch.Term] = []
    for axis in some(of: axes, atMost: 2) where !terms.contains(where: { $0.key == axis.key }) {
      if axis.key == .architecture, one(in: 3) {
        terms.append(GridMatch.Term(key: .latentDim, values: .list([.latentDim(2)])))
      } else if axis.key == .hidden, one(in: 3) {
        terms.append(
          GridMatch.Term(
            key: .architecture, values: .list(some(of: try architectures(Self.nets)))))
      } else {
        terms.append(
          GridMatch.Term(
            key: axis.key,
            values: .list(some(of: BruteForceGrid.values(axis.values), atMost: 2))))
      }
    }
    return GridMatch(terms)
  }
}
