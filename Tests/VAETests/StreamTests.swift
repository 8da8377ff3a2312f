import Compute
import Testing
import VAE

struct StreamTests {
  @Test("sampling on and off share every initial weight but the σ head's")
  func sharedWeights() {
    let stream = RandomStream(name: "init", seed: 5, architecture: "784-20-6-3")
    for initializer in Initializer.allCases {
      let networks = [true, false].map { sampling in
        let layout = ParameterLayout(
          inputSize: 784, hidden: [20, 6], latentDim: 3, sampling: sampling)
        let network = Network(
          layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1))
        initialize(network.parameters, layout: layout, with: initializer, from: stream)
        return network
      }
      let with = networks[0].layout.layers.filter { $0.name != "log_var" }
      #expect(with.map(\.name) == networks[1].layout.layers.map(\.name))
      for (a, b) in zip(with, networks[1].layout.layers) {
        let (first, second) = (
          a.weights(in: networks[0].parameters), b.weights(in: networks[1].parameters)
        )
        for i in 0..<a.inputs {
          for j in 0..<a.outputs { #expect(first.row(i)[j] == second.row(i)[j]) }
        }
      }
    }
  }

  /// Variances: 2 / (784 + 64), 2 / 784 and 1 / (3 · 784).
  @Test(
    "initial weights have the spread of their distribution",
    arguments: [
      (Initializer.glorotUniform, 0.002_358_49), (.heNormal, 0.002_551_02),
      (.torchLinear, 0.000_425_17),
    ] as [(Initializer, Double)])
  func spread(initializer: Initializer, variance: Double) {
    let layout = ParameterLayout(inputSize: 784, hidden: [64], latentDim: 2, sampling: true)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1))
    initialize(
      network.parameters, layout: layout, with: initializer,
      from: RandomStream(name: "init", seed: 1, architecture: "784-64-2"))
    let weights = layout.encoder[0].weights(in: network.parameters)
    let values = (0..<784).flatMap { i in (0..<64).map { Double(weights.row(i)[$0]) } }
    let n = Double(values.count)
    let measured = values.reduce(0) { $0 + $1 * $1 } / n
    #expect(abs(measured / variance - 1) < 0.03)
    #expect(abs(values.reduce(0, +) / n) < 4 * Scalar.sqrt(variance / n))
    let bias = layout.encoder[0].bias(in: network.parameters)
    #expect((0..<64).allSatisfy { bias[$0] == 0 } == (initializer != .torchLinear))
  }

  @Test("noise belongs to its position, however the epoch is cut into batches")
  func noiseByPosition() {
    let stream = RandomStream(name: "noise", seed: 2, architecture: "784-9-5")
    let arena = Arena(count: 2 * 20 * 8)
    let whole = Matrix(arena.take(160), rows: 20, columns: 5)
    let part = Matrix(arena.take(160), rows: 7, columns: 5)
    stream.fillNormal(whole, firstRow: 0, z: 4)
    stream.fillNormal(part, firstRow: 11, z: 4)
    for i in 0..<7 { for j in 0..<5 { #expect(part.row(i)[j] == whole.row(i + 11)[j]) } }
    stream.fillNormal(part, firstRow: 11, z: 5)
    #expect(part.row(0)[0] != whole.row(11)[0])
  }

  @Test("each epoch is a permutation of its own, and every place is equally likely")
  func shuffles() {
    let stream = RandomStream(name: "order", seed: 2, architecture: "784-9-5")
    let order = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 5)
    defer { order.deallocate() }
    order.initialize(repeating: 0)
    var counts = [Int](repeating: 0, count: 25)
    for epoch in 0..<10_000 {
      stream.shuffle(order, epoch: epoch)
      #expect(order.sorted() == [0, 1, 2, 3, 4])
      for (place, item) in order.enumerated() { counts[place * 5 + Int(item)] += 1 }
    }
    // Each count is binomial(10,000, 1/5): standard deviation 40.
    #expect(counts.allSatisfy { abs($0 - 2_000) < 4 * 40 })
  }
}
